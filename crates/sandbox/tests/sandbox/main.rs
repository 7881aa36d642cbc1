//! Code that runs in the real sandbox, and code that tries to get out of it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod confinement;
mod ending;
mod limits;
mod network;
mod running;
mod support;
