//! The Strongroom server: HTTP for programs and people, over a [`vault::Vault`].
//!
//! Layout: [`routes`] holds the calls for programs, one file each; `pages` mounts what `app` renders; `middleware` is
//! what every request passes; [`problem`] is how everything is refused. [`serve`] listens and stops, [`admin`] is the
//! operator's door, [`config`] the settings. HTTP words live here; what may be done, and by whom, is decided in `vault`.

// Each route and view of the pages is a type of its own, and the router nests them.
#![recursion_limit = "512"]

mod activity_csv;
pub mod admin;
pub mod arguments;
mod chat_events;
pub mod config;
mod embed;
mod extract;
pub mod harden;
mod mcp;
mod metrics;
mod middleware;
mod pages;
pub mod password;
pub mod problem;
pub mod routes;
pub mod serve;
pub mod site;
mod state;
