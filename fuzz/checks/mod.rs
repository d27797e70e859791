//! What must hold for any input. The fuzz targets call these with inputs that they make up, and a test of `leadline-server` with every seed.

mod csv_rows;
mod filter_json;

pub(crate) use csv_rows::csv_rows;
pub(crate) use filter_json::filter_json;
