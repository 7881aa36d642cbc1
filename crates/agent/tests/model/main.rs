//! The model's client against a real HTTP server that speaks the protocol, well and badly.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod asking;
mod breaking;
mod calls;
mod endpoint;
mod limits;
mod refusing;
mod server;
mod streaming;
mod talk;
mod tls;
mod waiting;
