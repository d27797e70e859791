//! The binary `leadline`.

use std::process::ExitCode;

use clap::Parser;
use leadline_server::cli::Cli;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    Cli::parse().run()
}
