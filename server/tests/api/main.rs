//! The HTTP interface, through the real door: each test starts the whole application on a free port, over a data
//! directory of its own. One file an area.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod activity;
mod activity_csv;
mod admin;
mod bad_bodies;
mod bad_secrets;
mod bad_tokens;
mod comparing;
mod cookies;
mod cross_site;
mod environment;
mod headers;
mod health;
mod hosts;
mod import;
mod metrics;
mod pages;
mod platforms;
mod program;
mod proxies;
mod requests;
mod sandboxes;
mod secrets;
mod server_functions;
mod shutdown;
mod support;
mod two_users;
mod waiting;
