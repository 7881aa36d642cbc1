//! What a platform may be called, and where its fields may be shown.

use domain::FieldError;
use domain::text::first_hidden;

use crate::error::{Error, Result};

/// A platform to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPlatform {
    /// What people read beside their account; 1 to 40 characters.
    pub name: String,
    /// The exact origins of its pages: `https://chat.example`. At most ten.
    pub origins: Vec<String>,
    /// Its own page for a request, with `{id}` where the request's id goes.
    pub request_url: Option<String>,
    /// How many users it may have; 1,000 unless said.
    pub most_users: Option<u32>,
}

/// One that passed the rules.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) origins: Vec<String>,
    pub(super) request_url: Option<String>,
    pub(super) most_users: u32,
}

const MOST_NAME: usize = 40;
const MOST_ORIGINS: usize = 10;
const DEFAULT_USERS: u32 = 1000;
const MOST_USERS: u32 = 1_000_000;
const LONGEST_URL: usize = 500;

impl NewPlatform {
    /// The rules, all of them at once.
    pub(super) fn check(self) -> Result<Checked> {
        let mut errors = Vec::new();
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > MOST_NAME || first_hidden(&name, false).is_some() {
            let message = format!("A platform's name has 1 to {MOST_NAME} characters, all of which show.");
            errors.push(FieldError::new("name", "platform.name", message));
        }
        if self.origins.is_empty() || self.origins.len() > MOST_ORIGINS {
            let message = format!("Name 1 to {MOST_ORIGINS} origins, such as https://chat.example.");
            errors.push(FieldError::new("origins", "platform.origins", message));
        }
        errors.extend(self.origins.iter().filter(|origin| !is_origin(origin)).map(|_| {
            let message = "An origin is a scheme and a host, as browsers write it: https://chat.example, or \
                http://localhost:3000 for trying it out. No path, no wildcard, lower case.";
            FieldError::new("origins", "platform.origin", message)
        }));
        if self.request_url.as_deref().is_some_and(|url| !is_request_url(url)) {
            let message =
                "The request page is an address with {id} in its path or query: https://app.example/requests/{id}.";
            errors.push(FieldError::new("request_url", "platform.request_url", message));
        }
        let most_users = self.most_users.unwrap_or(DEFAULT_USERS);
        if !(1..=MOST_USERS).contains(&most_users) {
            let message = format!("A platform can have 1 to {MOST_USERS} users.");
            errors.push(FieldError::new("most_users", "platform.most_users", message));
        }
        if errors.is_empty() {
            Ok(Checked {
                name,
                origins: self.origins,
                request_url: self.request_url,
                most_users,
            })
        } else {
            Err(Error::Invalid(errors))
        }
    }
}

/// Two names that differ in case only are one.
pub(super) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Exactly what a browser sends as `Origin` (RFC 6454, 6.2): `https`, or `http` of this machine, a host in lower-case ASCII,
/// a port that is not the scheme's own. What is not exactly that would match nothing, or stand for more in a policy.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host, port)) = parts(text) else {
        return false;
    };
    let usual = if scheme == "https" { "443" } else { "80" };
    let local = host == "localhost" || host == "127.0.0.1" || host.ends_with(".localhost");
    let host_is_plain = host.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    });
    let port_is_plain = port
        .is_none_or(|port| port != usual && !port.starts_with('0') && port.parse::<u16>().is_ok_and(|port| port > 0));
    host_is_plain && port_is_plain && (scheme == "https" || local)
}

fn parts(origin: &str) -> Option<(&str, &str, Option<&str>)> {
    let (scheme, rest) = origin.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    match rest.split_once(':') {
        Some((host, port)) => Some((scheme, host, Some(port))),
        None => Some((scheme, rest, None)),
    }
}

/// An origin and a path or query with `{id}` in it, which alone is put in.
fn is_request_url(url: &str) -> bool {
    let Some(at) = url
        .find("://")
        .and_then(|scheme| url.get(scheme + 3..)?.find(['/', '?']).map(|at| scheme + 3 + at))
    else {
        return false;
    };
    let (origin, rest) = url.split_at(at);
    let plain = |ch: char| ch.is_ascii_graphic() && !matches!(ch, '\\' | '"' | '<' | '>' | '`' | '|' | '^');
    let braces = rest.replace("{id}", "");
    url.len() <= LONGEST_URL
        && is_origin(origin)
        && rest.matches("{id}").count() == 1
        && !braces.contains(['{', '}'])
        && rest.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_exactly_what_a_browser_sends() {
        for good in [
            "https://chat.example",
            "https://a-b.chat.example:8443",
            "http://localhost:3000",
            "http://chat.localhost:4000",
            "http://127.0.0.1:5173",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "chat.example",
            "https://",
            "https://chat.example/",
            "https://Chat.example",
            "https://*.example",
            "https://chat.example:443",
            "https://chat.example:0",
            "https://chat.example:99999",
            "https://chat.example:",
            "https://user@chat.example",
            "https://chat.example https://evil.example",
            "https://chat.example;script-src *",
            "https://chät.example",
            "http://chat.example",
            "null",
            "file://x",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn a_request_page_has_the_id_once_and_after_the_host() {
        for good in [
            "https://app.example/r/{id}",
            "https://app.example/?request={id}",
            "http://localhost:4000/r/{id}#top",
        ] {
            assert!(is_request_url(good), "{good}");
        }
        for bad in [
            "https://app.example/r/",
            "https://{id}.example/",
            "https://app.example/{id}/{id}",
            "https://app.example/{other}/{id}",
            "javascript://x/{id}",
            "http://app.example/{id}",
            "https://app.example/ {id}",
            "/r/{id}",
        ] {
            assert!(!is_request_url(bad), "{bad}");
        }
    }
}
