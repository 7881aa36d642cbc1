//! Where a request came from, for the records that its owner reads.

use app::ssr::ClientAddress;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use vault::Origin;

/// The client's address as the middleware trusts it, and what the program calls itself.
pub(crate) fn origin(parts: &Parts) -> Origin {
    Origin {
        address: parts.extensions.get::<ClientAddress>().map(|address| address.0),
        user_agent: parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
    }
}
