//! The command line: one file for each command.

mod backup;
mod command;
mod database;
mod demo;
mod export;
mod import;
mod mapping;
mod migrate;
mod openapi;
mod restore;
mod serve;
mod user;
mod verify;
mod workspace;

pub use command::Cli;
pub use database::{DatabaseArgs, open_app};
