//! Feeds JSON to the reader of filters.

#![no_main]

#[path = "../checks/filter_json.rs"]
mod filter_json;

libfuzzer_sys::fuzz_target!(|input: &[u8]| filter_json::filter_json(input));
