//! The address under which people reach the server.

use std::fmt;
use std::net::IpAddr;

use axum::http::Uri;

/// An origin (RFC 6454): scheme, host and port, nothing behind. Written as browsers write it, so that it can be
/// compared with an `Origin` header byte for byte: lower case, the scheme's own port left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    host: String,
    port: Option<u16>,
}

impl PublicUrl {
    /// Parses `https://host` or `http://host:port`; one `/` at the end is let pass.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| "it is not a URL")?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("it begins with https:// or http://"),
        };
        let authority = uri.authority().ok_or("it has no host")?;
        if authority.as_str().contains('@') {
            return Err("it holds a user name, which does not belong there");
        }
        if uri.path_and_query().is_some_and(|rest| rest.as_str() != "/") || text.contains(['?', '#']) {
            return Err("it has a path; Strongroom is served at the root of a host");
        }
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty() {
            return Err("it has no host");
        }
        let default_port = if https { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != default_port);
        Ok(Self { https, host, port })
    }

    /// The origin of a server that listens there and has no other name.
    pub fn of_listener(address: std::net::SocketAddr) -> Self {
        let host = match address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        Self {
            https: false,
            host,
            port: Some(address.port()).filter(|port| *port != 80),
        }
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The host, in lower case; IPv6 in its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the name always means the machine that the browser runs on.
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(&self.host)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// Whether a host (lower case, without its port) never leaves the machine: `localhost` and every name below it
/// (RFC 6761, 6.3), 127.0.0.0/8 and `[::1]`. DNS cannot make another name of these.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
