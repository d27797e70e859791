//! Moves between stages.
