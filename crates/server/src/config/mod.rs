//! Configuration: what can be set, the commented defaults, and how files, environment and command line override them.

mod load;
mod memory;
mod network;
mod secret;
mod settings;

pub use load::{ConfigError, DEFAULTS, Overrides, load};
pub use network::Network;
pub use secret::Secret;
pub use settings::{Config, LogFormat, SignupPolicy};
