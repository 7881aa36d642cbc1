//! The programs as they are installed: started, talked to, killed, and searched afterwards.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod canary;
mod chats;
mod disk;
mod faults;
mod flood;
mod kill;
mod mcp;
mod memory;
mod model;
mod schema;
mod seen;
mod submitting;
mod support;
mod upkeep;
