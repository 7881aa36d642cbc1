//! Where a credential can be had.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An `https` address whose host a person can read for what it is: plain ASCII, no name or password before the host, no
/// characters that a browser would read otherwise. It is shown with its host, and never opened by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 500, example = "https://developer.x.com/"))]
pub struct ObtainUrl(String);

impl ObtainUrl {
    /// The longest address, in bytes.
    pub const MAX_BYTES: usize = 500;
    const SCHEME: &'static str = "https://";

    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong, as a sentence for whoever sent it.
    pub fn parse(text: &str) -> Result<Self, ObtainUrlError> {
        if text.len() > Self::MAX_BYTES {
            return Err(ObtainUrlError::TooLong);
        }
        let rest = text.strip_prefix(Self::SCHEME).ok_or(ObtainUrlError::NotHttps)?;
        // Beside blanks and controls, what the URL Standard percent-encodes or reads as something else.
        let plain =
            |ch: char| ch.is_ascii_graphic() && !matches!(ch, '\\' | '"' | '<' | '>' | '`' | '{' | '}' | '|' | '^');
        if !rest.chars().all(plain) {
            return Err(ObtainUrlError::Character);
        }
        if host_of(rest).is_some_and(is_host) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ObtainUrlError::Host)
        }
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, with its port if there is one: what a person goes by.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.strip_prefix(Self::SCHEME).and_then(host_of).unwrap_or_default()
    }
}

/// What stands before the path.
fn host_of(rest: &str) -> Option<&str> {
    rest.split(['/', '?', '#']).next()
}

fn is_host(authority: &str) -> bool {
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let label = |label: &str| {
        let inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(inside) && !label.starts_with('-') && !label.ends_with('-')
    };
    host.contains('.') && host.split('.').all(label) && port.parse::<u16>().is_ok()
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObtainUrlError {
    /// Another scheme, or none.
    #[error("The address has to start with https://, so that a person can trust where it leads.")]
    NotHttps,
    /// More than [`ObtainUrl::MAX_BYTES`].
    #[error("The address has more than {} characters. Use a shorter one.", ObtainUrl::MAX_BYTES)]
    TooLong,
    /// A blank, a character beyond ASCII, or one that browsers read otherwise.
    #[error("The address has a character that does not belong in one. Percent-encode it, and write the host in ASCII.")]
    Character,
    /// No host, or something before or in it that hides where the address leads.
    #[error(
        "The address needs a plain host, as in https://developer.example.com/keys, with no name or password before it."
    )]
    Host,
}

impl ObtainUrlError {
    /// The broken rule as a stable code for programs.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NotHttps => "obtain_url.scheme",
            Self::TooLong => "obtain_url.too_long",
            Self::Character => "obtain_url.character",
            Self::Host => "obtain_url.host",
        }
    }
}

impl fmt::Display for ObtainUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for ObtainUrl {
    type Error = ObtainUrlError;

    fn try_from(text: String) -> Result<Self, ObtainUrlError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::{ObtainUrl, ObtainUrlError};

    #[test]
    fn the_host_is_what_stands_before_the_path() {
        for (address, host) in [
            ("https://developer.x.com", "developer.x.com"),
            ("https://a.example/keys?x=1#top", "a.example"),
            ("https://a.example:8443/", "a.example:8443"),
            ("https://a.example?next=b.example", "a.example"),
        ] {
            assert_eq!(
                ObtainUrl::parse(address).map(|url| url.host().to_owned()),
                Ok(host.to_owned())
            );
        }
    }

    #[test]
    fn an_address_that_could_lead_elsewhere_than_it_looks_is_refused() {
        for (address, why) in [
            ("http://a.example", ObtainUrlError::NotHttps),
            ("javascript:alert(1)", ObtainUrlError::NotHttps),
            ("HTTPS://a.example", ObtainUrlError::NotHttps),
            ("//a.example", ObtainUrlError::NotHttps),
            ("https://good.example@evil.example/", ObtainUrlError::Host),
            ("https://", ObtainUrlError::Host),
            ("https:///path", ObtainUrlError::Host),
            ("https://localhost/", ObtainUrlError::Host),
            ("https://a..example/", ObtainUrlError::Host),
            ("https://-a.example/", ObtainUrlError::Host),
            ("https://a.example:99999/", ObtainUrlError::Host),
            ("https://good.example\\@evil.example/", ObtainUrlError::Character),
            ("https://göod.example/", ObtainUrlError::Character),
            ("https://a.example/\u{202E}moc", ObtainUrlError::Character),
            ("https://a.example/ b", ObtainUrlError::Character),
            ("https://a.example/\n", ObtainUrlError::Character),
        ] {
            assert_eq!(ObtainUrl::parse(address), Err(why), "{address:?}");
        }
        let long = format!("https://a.example/{}", "x".repeat(ObtainUrl::MAX_BYTES));
        assert_eq!(ObtainUrl::parse(&long), Err(ObtainUrlError::TooLong));
    }
}
