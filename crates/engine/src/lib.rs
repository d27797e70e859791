//! Leadline.
