//! The Leadline server: HTTP and the command line over the services, the engine and the store.
//!
//! A request visits [`http`] (parse, status), then [`service`] (authorise, transaction, rules), then the engine and the store.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod http;
pub mod jobs;
pub mod logs;
pub mod service;
