//! `leadline openapi`.

use std::io::Write;

use super::command::Failure;
use crate::http::openapi;

pub(super) fn run() -> Result<(), Failure> {
    std::io::stdout()
        .write_all(openapi::document().as_bytes())
        .map_err(Failure::of)
}
