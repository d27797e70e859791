//! The binary `leadline`.

use std::process::ExitCode;

use clap::Parser;
use leadline_server::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
