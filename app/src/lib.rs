//! Strongroom's pages: one Leptos application, rendered by the server and taken over by its WASM client.
//!
//! Built twice, never with both features at once:
//! - `ssr`, into the server: pages are rendered and server functions run here, against `vault`.
//! - `hydrate`, into the browser: the same components, with `domain` as the only crate of ours beside this one.
//!
//! Layout: [`App`] holds the routes, `pages` load data, `components` show it, `api` holds the server functions, and
//! [`ssr`] what only the server needs. Every form works without scripts: see `flash` and `ssr::form`.

// Each route and view is a type of its own, and the router nests them.
#![recursion_limit = "512"]
#![expect(
    unreachable_pub,
    reason = "the component macro writes public items for private components"
)]

mod api;
mod app;
mod call;
mod components;
mod erase;
mod error;
mod flash;
mod handover;
mod next;
mod pages;
mod percent;
mod pieces;
mod reply;
mod routes;
mod source;
mod submitted;

#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
pub mod ssr;

pub use app::App;
#[cfg(feature = "ssr")]
pub use document::shell;
pub use pieces::load_for;
