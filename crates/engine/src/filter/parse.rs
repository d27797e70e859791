//! Reads `filterGroups` and `sorts` from JSON.
