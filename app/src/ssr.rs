//! What only the server has: the vault, cookies, and the memory that carries a form's answer over a redirect.
//!
//! The server makes one [`Backend`] and provides a clone of it as a Leptos context, both where pages are rendered and
//! where server functions run; it puts a [`ClientAddress`] into each request's extensions.

mod cookies;
mod flash;
mod form;
mod request;
mod words;

pub use crate::api::activity::{Asked as ActivityAsked, filter as activity_filter};
pub use crate::pages::chat::{ChatUpdate, ShownEntry, update as chat_update};
pub use cookies::CookiePolicy;
pub use flash::{Flash, ShownOnce};

pub(crate) use form::{Done, Form, Outcome};
pub(crate) use request::{
    actor, backend, end_session_cookie, is_signed_in, not_found, origin, see_other, start_session_cookie,
    take_remembered, visitor,
};
pub(crate) use words::{Refusal, unreadable};

use std::net::IpAddr;

use agent::Agents;
use vault::Vault;

/// What pages and server functions work with.
#[derive(Clone)]
pub struct Backend {
    /// The services. Each call takes who is acting.
    pub vault: Vault,
    /// What answers in chats.
    pub agents: Agents,
    /// The files that a page's head names.
    pub assets: SiteAssets,
    /// How the session cookie is called and guarded.
    pub cookies: CookiePolicy,
    /// What survives a redirect.
    pub flash: Flash,
}

/// Paths of the site's files, as `/pkg/strongroom.1a2b3c.js`. `None` is left out of the page: without the script or
/// the WASM it works by plain forms, without the style sheet it is plain to look at.
#[derive(Clone, Debug, Default)]
pub struct SiteAssets {
    /// The script that loads the WASM.
    pub js: Option<String>,
    /// The WASM client.
    pub wasm: Option<String>,
    /// The one style sheet.
    pub css: Option<String>,
}

/// The client's address as the server trusts it (a proxy's word only from proxies that it was told of). A request
/// extension; where it is missing, records have no address.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);
