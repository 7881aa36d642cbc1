//! The vault from outside: a real directory, a real database, the public services.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod accounts;
mod activity;
mod at_rest;
mod comparing;
mod conversations;
mod damage;
mod doctor;
mod environment;
mod opening;
mod platforms;
mod requests;
mod secrets;
mod shared_file;
mod support;
mod tokens;
mod upkeep;
