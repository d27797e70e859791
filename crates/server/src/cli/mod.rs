//! The command line: one file for each command.

mod command;
mod database;
mod migrate;
mod openapi;
mod serve;
mod user;

pub use command::Cli;
pub use database::{DatabaseArgs, open_app};
