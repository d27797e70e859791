//! Timelines against a naive model, and on real input.
#![cfg(test)]

mod drill;
mod filters;
mod model;
mod real_data;
mod reports;
mod stored;
