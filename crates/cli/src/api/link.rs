//! The address under which a person answers a request.

use std::fmt;

use serde::Deserialize;
use ureq::http::Uri;

/// Shown to a person and never followed by this program. Checked all the same: a person will open it, scripts capture it,
/// and it comes over the network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Link(String);

impl TryFrom<String> for Link {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // Without what the URL Standard percent-encodes or reads as something else.
        let plain = |byte: u8| byte.is_ascii_graphic() && !br#"\"'<>`{}|^"#.contains(&byte);
        let is_link = |uri: Uri| {
            matches!(uri.scheme_str(), Some("https" | "http"))
                && uri
                    .authority()
                    .is_some_and(|authority| !authority.as_str().contains('@'))
        };
        if text.bytes().all(plain) && text.parse().is_ok_and(is_link) {
            Ok(Self(text))
        } else {
            Err("not a link that a person could open")
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_server_or_of_a_platform_is_a_link() {
        for text in [
            "http://127.0.0.1:3000/r/0199-a",
            "https://vault.example/r/1",
            "https://app.example/ask?request=1&tab=keys#top",
        ] {
            assert_eq!(
                Link::try_from(text.to_owned()).map(|link| link.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn what_is_more_than_a_link_is_none() {
        for text in [
            "",
            "/r/1",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://vault.example@evil.example/r/1",
            "https://vault.example/r/1\nhttps://evil.example",
            "https://vault.example/r/`id`",
            "https://vault.example/r/\"1",
            "https://vault.example/\u{202e}1",
            "https://vault.example/ 1",
            "https://vault.example/\u{1b}[2J",
        ] {
            assert!(Link::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
