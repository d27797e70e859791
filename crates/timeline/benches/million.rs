//! Questions over a million leads.

fn main() {}
