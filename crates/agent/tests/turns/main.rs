//! Whole turns: a real vault, the real sandbox, and a server that speaks a model's protocol.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod builtin;
mod modelled;
mod support;
