//! Code that runs in the real sandbox, and code that tries to get out of it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod confinement;
mod ending;
mod killed;
mod limits;
mod network;
mod processes;
mod running;
mod support;
mod unprivileged;
