//! The request that is being answered: who sent it, how it was sent, and what its answer carries beside the body.

use axum::http::header::{ACCEPT, LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use leptos::nonce::Nonce;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use vault::{Actor, Origin, PlainToken};

use super::flash::{Key, ShownOnce};
use super::{Backend, ClientAddress, unreadable};
use crate::error::UiError;
use crate::flash::Remembered;
use crate::next::SIGN_IN;

/// What the server provides. Missing only while the routes are listed, when no request is there to answer.
pub(crate) fn backend() -> Result<Backend, UiError> {
    use_context::<Backend>().ok_or(UiError::Unavailable)
}

/// Whose session the request carries: the first line of every server function.
///
/// When there is none, the answer also says where to go: a form without scripts is sent to the sign-in page, a script
/// gets 401. A page that is being rendered decides for itself.
pub(crate) async fn actor() -> Result<Actor, UiError> {
    if let Some(actor) = visitor().await? {
        return Ok(actor);
    }
    let parts = parts()?;
    if is_plain_form(&parts) {
        see_other(SIGN_IN);
    } else if parts.method == Method::POST {
        set_status(StatusCode::UNAUTHORIZED);
    }
    Err(UiError::SignedOut)
}

/// Whether the request carries a session that is alive.
pub(crate) async fn is_signed_in() -> Result<bool, UiError> {
    Ok(visitor().await?.is_some())
}

/// Who the request's session stands for, if there is one that is alive.
pub(crate) async fn visitor() -> Result<Option<Actor>, UiError> {
    let backend = backend()?;
    let Some(token) = backend.cookies.read(&parts()?.headers) else {
        return Ok(None);
    };
    backend
        .vault
        .accounts()
        .actor(&token, origin())
        .await
        .map_err(|error| unreadable(&error))
}

/// Where the request comes from, for the records.
pub(crate) fn origin() -> Origin {
    let Some(parts) = use_context::<Parts>() else {
        return Origin::default();
    };
    Origin {
        address: parts.extensions.get::<ClientAddress>().map(|client| client.0),
        user_agent: parts
            .headers
            .get(USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .map(str::to_owned),
    }
}

/// Whether a form was posted by the browser itself, which will show the answer as its next page.
pub(super) fn is_plain_form(parts: &Parts) -> bool {
    let accepts_pages = parts
        .headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|a| a.contains("text/html"));
    parts.method == Method::POST && accepts_pages
}

pub(super) fn parts() -> Result<Parts, UiError> {
    use_context::<Parts>().ok_or(UiError::Unavailable)
}

/// Sends the browser to another page with 303, which turns a POST into a GET (RFC 9110, 15.4.4).
///
/// `path` is a literal, or made of parts that were checked; one that cannot stand in a header is dropped.
pub(crate) fn see_other(path: &str) {
    if let (Some(response), Ok(path)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.insert_header(LOCATION, path);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Marks the page that is being rendered as one that does not exist.
pub(crate) fn not_found() {
    set_status(StatusCode::NOT_FOUND);
}

fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Gives the browser the cookie of a new session.
pub(crate) fn start_session_cookie(token: &PlainToken) -> Result<(), UiError> {
    // Exposed into `Set-Cookie`, its one way to its owner.
    add_cookie(backend()?.cookies.set(token.expose()))
}

/// Takes the session cookie away.
pub(crate) fn end_session_cookie() -> Result<(), UiError> {
    add_cookie(backend()?.cookies.clear())
}

fn add_cookie<E>(cookie: Result<HeaderValue, E>) -> Result<(), UiError> {
    let response = use_context::<ResponseOptions>().ok_or(UiError::Unavailable)?;
    response.append_header(SET_COOKIE, cookie.map_err(|_| UiError::Unavailable)?);
    Ok(())
}

/// Keeps a message for the page that the browser is sent to. `signed_in` says whether the request's session goes on;
/// where it does not, a cookie of a minute ties the message to the browser.
pub(super) fn remember(page: &str, signed_in: bool, message: Remembered) -> Result<(), UiError> {
    let backend = backend()?;
    let session = backend.cookies.read(&parts()?.headers).filter(|_| signed_in);
    let key = match session {
        Some(token) => Key::session(&token),
        None => {
            let id = Nonce::new();
            add_cookie(backend.cookies.set_message(&id))?;
            Key::visitor(&id)
        }
    };
    backend.flash.put(key, page, message);
    Ok(())
}

/// Takes what is kept for the page that is being rendered.
pub(crate) fn take_remembered() -> Option<Remembered> {
    let (backend, parts) = (backend().ok()?, parts().ok()?);
    let page = parts.uri.path();
    let visitor = backend.cookies.read_message(&parts.headers).map(|id| Key::visitor(&id));
    let session = backend.cookies.read(&parts.headers).map(|token| Key::session(&token));
    let take = || {
        let mut keys = [visitor, session].into_iter().flatten();
        keys.find_map(|key| backend.flash.take(&key, page))
    };
    match parts.extensions.get::<ShownOnce>() {
        Some(shown) => shown.or_take(take),
        None => take(),
    }
}
