//! Leadline binary.
fn main() {}
