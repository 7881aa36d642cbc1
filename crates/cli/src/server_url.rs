//! Where the server is, and whether a token may be sent there.

use std::net::IpAddr;

use thiserror::Error;
use ureq::http::Uri;

/// The address of a Strongroom server: scheme, host and port, nothing behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    origin: String,
    https: bool,
    loopback: bool,
}

/// Why an address is not taken. Quotes nothing of it but the host: an address can carry a password.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum ServerUrlError {
    /// Not an address at all.
    #[error("it is not an address of the form https://strongroom.example")]
    Malformed,
    /// Another scheme than the two of HTTP.
    #[error("it must begin with https:// (or http:// for a server on this machine)")]
    Scheme,
    /// `https://name:password@host`.
    #[error("it must not carry a name or password: the token is given apart from it")]
    Credentials,
    /// A path or a query behind the host.
    #[error("it must end after the host and port: https://strongroom.example")]
    Path,
    /// Anyone on the way could read the token and the values.
    #[error(
        "http:// to {0} would send the token and the values readable to everyone on the way: use https://, or set \
         STRONGROOM_INSECURE_HTTP=1 if that network is safe"
    )]
    Insecure(String),
}

impl ServerUrl {
    /// Reads an address. `insecure_http` lets `http://` be used to other machines too.
    pub(crate) fn parse(text: &str, insecure_http: bool) -> Result<Self, ServerUrlError> {
        let uri: Uri = text.trim().parse().map_err(|_| ServerUrlError::Malformed)?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) => return Err(ServerUrlError::Scheme),
            None => return Err(ServerUrlError::Malformed),
        };
        let authority = uri.authority().ok_or(ServerUrlError::Malformed)?;
        if authority.as_str().contains('@') {
            return Err(ServerUrlError::Credentials);
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(ServerUrlError::Path);
        }
        let host = authority.host();
        if host.is_empty() {
            return Err(ServerUrlError::Malformed);
        }
        let loopback = is_loopback(host);
        if !https && !loopback && !insecure_http {
            return Err(ServerUrlError::Insecure(host.to_owned()));
        }
        let scheme = if https { "https" } else { "http" };
        Ok(Self {
            origin: format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()),
            https,
            loopback,
        })
    }

    /// `https://host:port`, without a slash at the end.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether the connection is encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.https
    }

    /// Whether a proxy may stand between. To this machine, or without encryption, none may: it would read the token.
    pub(crate) fn may_use_proxy(&self) -> bool {
        self.https && !self.loopback
    }
}

/// Whether `host` is this machine: 127.0.0.0/8, `[::1]`, `localhost` and the names below it (RFC 6761, 6.3).
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return address.is_loopback();
    }
    let name = bare.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn https_is_taken_anywhere() {
        let url = ServerUrl::parse(" https://Vault.example:8443/ ", false).unwrap();
        assert_eq!(url.origin(), "https://vault.example:8443");
        assert!(url.is_https() && url.may_use_proxy());
    }

    #[test]
    fn plain_http_is_taken_on_this_machine_only() {
        for text in [
            "http://127.0.0.1:3000",
            "http://127.8.9.1",
            "http://[::1]:3000",
            "http://localhost",
            "http://a.localhost:1",
        ] {
            assert!(!ServerUrl::parse(text, false).unwrap().may_use_proxy(), "{text}");
        }
        for text in [
            "http://vault.example",
            "http://10.0.0.1:3000",
            "http://localhost.example",
            "http://[2001:db8::1]",
        ] {
            assert!(
                matches!(ServerUrl::parse(text, false), Err(ServerUrlError::Insecure(_))),
                "{text}"
            );
            assert!(ServerUrl::parse(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_refused_and_not_repeated() {
        let error = ServerUrl::parse("https://me:hunter2@vault.example", false).unwrap_err();
        assert_eq!(error, ServerUrlError::Credentials);
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn what_is_no_address_of_a_server_is_refused() {
        assert_eq!(ServerUrl::parse("vault.example", false), Err(ServerUrlError::Malformed));
        assert_eq!(ServerUrl::parse("", false), Err(ServerUrlError::Malformed));
        assert_eq!(
            ServerUrl::parse("ftp://vault.example", false),
            Err(ServerUrlError::Scheme)
        );
        assert_eq!(
            ServerUrl::parse("https://vault.example/secrets", false),
            Err(ServerUrlError::Path)
        );
        assert_eq!(
            ServerUrl::parse("https://vault.example/?a=b", false),
            Err(ServerUrlError::Path)
        );
    }
}
