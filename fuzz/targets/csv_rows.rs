//! Feeds files to the reader of imports.

#![no_main]

#[path = "../checks/csv_rows.rs"]
mod csv_rows;

libfuzzer_sys::fuzz_target!(|input: &[u8]| csv_rows::csv_rows(input));
