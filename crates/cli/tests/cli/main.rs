//! The client against a real server: nearly every test starts both programs and looks at what a person or a script would
//! see.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it fails"
)]

mod account;
mod asking;
mod bad_input;
mod choosing;
mod client;
mod containers;
mod env_formats;
mod generated;
mod import;
mod login;
mod privacy;
mod redacting;
mod requests;
mod run;
mod scripted;
mod secrets;
mod server;
mod sessions;
mod signals;
mod terminal;
mod transport;
