//! The session cookie, and the short one that ties a message to a browser that is signed out.

use axum::http::header::{COOKIE, InvalidHeaderValue};
use axum::http::{HeaderMap, HeaderValue};

/// Seconds that a browser keeps the session cookie: the absolute end of a session, 14 days after sign-in.
const SESSION_SECONDS: u32 = 14 * 24 * 60 * 60;
/// Seconds that a message waits for its page.
const MESSAGE_SECONDS: u32 = 60;

/// How cookies are called and guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookiePolicy {
    /// `__Host-…; Secure`: the browser accepts it from this host alone, over https or loopback, for every path (RFC
    /// 6265bis, 4.1.3.2).
    Host,
    /// Plain http, by the operator's explicit choice (`STRONGROOM_INSECURE_HTTP=1`): the same without those guards.
    Insecure,
}

impl CookiePolicy {
    /// The name of the session cookie.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "__Host-strongroom",
            Self::Insecure => "strongroom",
        }
    }

    fn message_name(self) -> &'static str {
        match self {
            Self::Host => "__Host-strongroom-message",
            Self::Insecure => "strongroom-message",
        }
    }

    /// `Set-Cookie` for a new session. An error only for a token that cannot stand in a header, which none of ours is.
    pub fn set(self, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        self.header(self.name(), token, SESSION_SECONDS)
    }

    /// `Set-Cookie` that takes the session cookie away.
    pub fn clear(self) -> Result<HeaderValue, InvalidHeaderValue> {
        self.header(self.name(), "", 0)
    }

    /// The session token that the request carries, if any. Not checked here.
    pub fn read(self, headers: &HeaderMap) -> Option<String> {
        cookie(headers, self.name())
    }

    pub(super) fn set_message(self, id: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        self.header(self.message_name(), id, MESSAGE_SECONDS)
    }

    pub(super) fn read_message(self, headers: &HeaderMap) -> Option<String> {
        cookie(headers, self.message_name())
    }

    fn header(self, name: &str, text: &str, seconds: u32) -> Result<HeaderValue, InvalidHeaderValue> {
        let secure = match self {
            Self::Host => " Secure;",
            Self::Insecure => "",
        };
        let mut header = HeaderValue::try_from(format!(
            "{name}={text};{secure} HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}"
        ))?;
        // Keeps it out of logs of headers, and out of HPACK's shared table.
        header.set_sensitive(true);
        Ok(header)
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, text)| *found == name && !text.is_empty())
        .map(|(_, text)| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    fn sent(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        headers
    }

    #[test]
    fn over_https_the_cookie_belongs_to_this_host_alone() {
        let header = CookiePolicy::Host.set("sr_ses_abc").unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-strongroom=sr_ses_abc; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=1209600"
        );
        assert!(header.is_sensitive());
    }

    #[test]
    fn over_plain_http_it_is_neither_secure_nor_prefixed() {
        let header = CookiePolicy::Insecure.set("sr_ses_abc").unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "strongroom=sr_ses_abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=1209600"
        );
    }

    #[test]
    fn signing_out_takes_it_away() {
        let header = CookiePolicy::Host.clear().unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-strongroom=; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
        );
    }

    #[test]
    fn a_token_that_would_break_the_header_is_refused() {
        assert!(CookiePolicy::Host.set("a\r\nSet-Cookie: b").is_err());
    }

    #[test]
    fn it_is_found_among_others_and_in_several_headers() {
        let headers = sent(&["theme=dark; other=1", "x=y; __Host-strongroom=sr_ses_abc"]);
        assert_eq!(CookiePolicy::Host.read(&headers).as_deref(), Some("sr_ses_abc"));
    }

    #[test]
    fn another_name_that_begins_alike_is_not_it() {
        let headers = sent(&["__Host-strongroom-message=m; strongroom=plain"]);
        assert_eq!(CookiePolicy::Host.read(&headers), None);
        assert_eq!(CookiePolicy::Host.read_message(&headers).as_deref(), Some("m"));
        assert_eq!(CookiePolicy::Insecure.read(&headers).as_deref(), Some("plain"));
    }

    #[test]
    fn an_empty_one_is_none() {
        assert_eq!(CookiePolicy::Host.read(&sent(&["__Host-strongroom="])), None);
        assert_eq!(CookiePolicy::Host.read(&HeaderMap::new()), None);
    }
}
