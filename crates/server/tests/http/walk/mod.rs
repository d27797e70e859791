//! Walks over every operation of the OpenAPI document: what must never be possible, whatever operations there are.

mod document;
mod isolation;
mod lists;
mod malformed;
mod refusals;
mod world;
