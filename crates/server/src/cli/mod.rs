//! The command line: one file for each command.

mod backup;
mod command;
mod database;
mod migrate;
mod openapi;
mod restore;
mod serve;
mod user;
mod verify;

pub use command::Cli;
pub use database::{DatabaseArgs, open_app};
