//! The rules of Leadline, with no I/O: values, schema, spans, filters and lifecycles.
//!
//! Everything here is a function of its arguments: time is always given, and only new ids come from outside.

pub mod error;
pub mod filter;
pub mod ids;
pub mod ledger;
pub mod lifecycle;
pub mod schema;
pub mod spans;
pub mod text;
pub mod time;
pub mod validate;
pub mod value;
pub mod verify;
pub mod write;
