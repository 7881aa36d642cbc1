//! Where the server is, looked up once for the calls that follow each other.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Long enough for opening, fetching and closing; short enough to notice that a server has moved during a wait.
const KEPT: Duration = Duration::from_secs(30);

/// The HTTP library asks for the address before every call, also where it then uses a connection that is open; each
/// time that would be a thread and a question to the network. An agent speaks to one server, so one answer is kept.
#[derive(Debug, Default)]
pub(super) struct KeepingResolver {
    inner: DefaultResolver,
    kept: Mutex<Option<(Uri, Instant, ResolvedSocketAddrs)>>,
}

impl Resolver for KeepingResolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        if let Some(address) = literal(uri) {
            let mut addresses = self.empty();
            addresses.push(address);
            return Ok(addresses);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((host, at, addresses)) = kept.as_ref()
            && host.authority() == uri.authority()
            && at.elapsed() < KEPT
        {
            return Ok(addresses.clone());
        }
        let addresses = self.inner.resolve(uri, config, timeout)?;
        *kept = Some((uri.clone(), Instant::now(), addresses.clone()));
        Ok(addresses)
    }
}

/// The address, where the host is one and needs no looking up.
fn literal(uri: &Uri) -> Option<SocketAddr> {
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    let usual_port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    let address: IpAddr = host.parse().ok()?;
    Some(SocketAddr::new(address, uri.port_u16().unwrap_or(usual_port)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn an_address_needs_no_looking_up() {
        let found = |uri: &str| literal(&uri.parse().unwrap()).map(|address| address.to_string());
        assert_eq!(found("http://127.0.0.1:3000/x").unwrap(), "127.0.0.1:3000");
        assert_eq!(found("https://[::1]/").unwrap(), "[::1]:443");
        assert_eq!(found("http://10.0.0.1").unwrap(), "10.0.0.1:80");
        assert_eq!(found("https://localhost:1"), None);
    }
}
