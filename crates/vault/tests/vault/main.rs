//! The vault from outside: a real directory, a real database, the public services.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod accounts;
mod at_rest;
mod environment;
mod opening;
mod secrets;
mod support;
mod tokens;
