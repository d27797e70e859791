//! What Leadline does: each noun authorises, opens a unit of work and applies the rules of the engine.

pub mod access;
pub mod accounts;
pub mod associations;
pub mod ctx;
pub mod definition_log;
pub mod error;
pub mod invitations;
pub mod line_items;
pub mod names;
pub mod objects;
pub mod passwords;
pub mod properties;
pub mod record_keys;
pub mod records;
pub mod reports;
pub mod schemas;
pub mod search;
pub mod secrets;
pub mod sessions;
pub mod throttle;
pub mod timelines;
pub mod tokens;
pub mod unit_of_work;
pub mod users;
pub mod verify;
pub mod workspaces;
