//! Where a request really comes from: the peer, or what a trusted proxy says.

use std::net::IpAddr;

use app::ssr::ClientAddress;
use axum::http::{HeaderMap, Request};

use crate::state::AppState;

/// The other end of the connection; put into each request where connections are accepted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerAddress(pub(crate) IpAddr);

pub(super) fn find<B>(state: &AppState, mut request: Request<B>) -> Request<B> {
    if let Some(PeerAddress(peer)) = request.extensions().get().copied() {
        let client = client(peer, request.headers(), |address| {
            state.settings().trusts_proxy(address)
        });
        request.extensions_mut().insert(ClientAddress(client));
    }
    request
}

/// Each proxy appends whom it was called by, so the list is read from its end, for as long as those who speak are
/// trusted; what stands before the first stranger is only what the stranger claims.
fn client(peer: IpAddr, headers: &HeaderMap, trusts: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut client = peer.to_canonical();
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    let mut claims = lines
        .iter()
        .rev()
        .flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
    while trusts(client) {
        match claims.next().map(|claim| claim.trim().parse::<IpAddr>()) {
            Some(Ok(address)) => client = address.to_canonical(),
            // Not an address: nothing before it can be believed either.
            Some(Err(_)) | None => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let trusted = |address: IpAddr| address.is_loopback() || address.to_string().starts_with("10.");
        client(peer.parse().unwrap(), &headers, trusted).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_about_the_last_hop_only() {
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["192.0.2.66, 198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn a_chain_of_trusted_proxies_is_followed_over_several_lines() {
        assert_eq!(
            seen("127.0.0.1", &["192.0.2.66, 198.51.100.1", "10.0.0.2", "10.0.0.3"]),
            "198.51.100.1"
        );
    }

    #[test]
    fn what_is_no_address_ends_the_chain() {
        assert_eq!(seen("127.0.0.1", &["198.51.100.1, unknown"]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_the_same_address() {
        assert_eq!(seen("::ffff:127.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }
}
