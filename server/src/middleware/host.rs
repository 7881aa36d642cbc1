//! The `Host` check, against DNS rebinding: a page of another site whose name was pointed at this machine sends its own
//! name, and is refused before anything looks at a cookie.

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::config::{PublicUrl, is_loopback_host};
use crate::problem::{Kind, Problem};
use crate::state::AppState;

/// Probes call by address, and these answers tell nothing.
const FOR_PROBES: [&str; 2] = ["/livez", "/readyz"];

pub(super) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if FOR_PROBES.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    match host(&request) {
        None => Problem::new(Kind::BAD_REQUEST, "The request has no single, valid Host header.").into_response(),
        Some(host) if is_ours(&host, state.public_url(), state.settings().is_loopback()) => next.run(request).await,
        Some(_) => Problem::new(
            Kind::WRONG_HOST,
            format!(
                "This server is not reached under that name. Use {}, or set STRONGROOM_PUBLIC_URL to the name that is meant.",
                state.public_url()
            ),
        )
        .into_response(),
    }
}

/// The host without its port, in lower case. A request in absolute form has it in its target (RFC 9112, 3.2.2).
fn host(request: &Request) -> Option<String> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.host().to_ascii_lowercase());
    }
    let mut values = request.headers().get_all(HOST).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let authority = value
        .to_str()
        .ok()?
        .parse::<Authority>()
        .ok()
        .filter(|host| !host.as_str().contains('@'))?;
    Some(authority.host().to_ascii_lowercase())
}

fn is_ours(host: &str, public_url: &PublicUrl, loopback: bool) -> bool {
    host == public_url.host() || (loopback && is_loopback_host(host))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use axum::body::Body;

    use super::*;

    fn sent(host_header: &str) -> Option<String> {
        host(
            &Request::builder()
                .uri("/secrets")
                .header(HOST, host_header)
                .body(Body::empty())
                .unwrap(),
        )
    }

    #[test]
    fn the_port_and_the_case_do_not_matter() {
        assert_eq!(sent("LocalHost:3000").as_deref(), Some("localhost"));
        assert_eq!(sent("[::1]:3000").as_deref(), Some("[::1]"));
        assert_eq!(sent("evil@localhost"), None);
    }

    #[test]
    fn loopback_names_are_ours_only_on_a_loopback_server() {
        let public = PublicUrl::parse("https://strongroom.example.org").unwrap();
        for name in ["localhost", "chat.localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
            assert!(is_ours(name, &public, true), "{name}");
            assert!(!is_ours(name, &public, false), "{name}");
        }
        assert!(is_ours("strongroom.example.org", &public, false));
    }

    #[test]
    fn names_that_only_look_like_ours_are_not() {
        let public = PublicUrl::parse("http://localhost:3000").unwrap();
        for name in [
            "localhost.evil.example",
            "evillocalhost",
            "127.0.0.1.nip.io",
            "0.0.0.0",
            "[::]",
            "",
        ] {
            assert!(!is_ours(name, &public, true), "{name}");
        }
    }
}
