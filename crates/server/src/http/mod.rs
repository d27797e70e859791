//! HTTP: the router, what surrounds every request, and one file for each noun that parses requests and names statuses.

mod accounts;
mod assets;
mod associations;
mod auth;
mod csp;
mod docs;
pub mod extract;
mod json;
mod line_items;
mod metrics;
mod objects;
pub mod openapi;
mod operation;
mod paging;
pub mod problem;
mod properties;
mod record_batches;
mod records;
mod reports;
mod request;
pub mod router;
mod search;
pub mod server;
mod tokens;
mod users;
mod views;
pub use request::RequestInfo;
