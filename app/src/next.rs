//! Where to go after signing in.

/// Where a person lands who did not ask for another page.
pub(crate) const HOME: &str = "/secrets";

/// The page for those who are signed out.
pub(crate) const SIGN_IN: &str = "/sign-in";

const LONGEST: usize = 300;

/// `next` if it is a page of this server, else the Secrets page.
///
/// An allow-list, so that no reading of it by a browser leads elsewhere (OWASP ASVS 5.0, 3.7.2, open redirects): it
/// starts with one slash, and holds letters, digits, `/`, `_` and `-` only. No scheme, host, backslash, dot, query or
/// percent sign passes, and so it needs no escaping in a header or a query either.
pub(crate) fn after_sign_in(next: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-');
    let local = next.starts_with('/') && !next.contains("//") && next.len() <= LONGEST && next.bytes().all(plain);
    let page = local && !next.starts_with("/api/") && next != "/" && !next.starts_with(SIGN_IN);
    if page { next } else { HOME }
}

/// The address of the sign-in page that leads back to `path`.
pub(crate) fn sign_in_before(path: &str) -> String {
    match after_sign_in(path) {
        HOME => SIGN_IN.to_owned(),
        next => format!("{SIGN_IN}?next={next}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_this_server_is_where_one_goes() {
        for path in ["/settings", "/settings/tokens/new", "/secrets/X_BEARER_TOKEN/edit"] {
            assert_eq!(after_sign_in(path), path);
        }
    }

    #[test]
    fn anything_that_could_lead_elsewhere_goes_home() {
        for path in [
            "",
            "/",
            "settings",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/.//evil.example",
            "/secrets//evil",
            "/%2f/evil.example",
            "/secrets?x=1",
            "/secrets#x",
            "/secrets\r\nSet-Cookie: a=b",
            "/\tevil",
            "javascript:alert(1)",
            "/api/ui/sign-out",
            "/sign-in",
        ] {
            assert_eq!(after_sign_in(path), HOME, "{path:?}");
        }
        assert_eq!(after_sign_in(&format!("/{}", "a".repeat(LONGEST))), HOME);
    }

    #[test]
    fn the_sign_in_page_remembers_where_one_was_going() {
        assert_eq!(sign_in_before("/settings"), "/sign-in?next=/settings");
        assert_eq!(sign_in_before("/secrets"), "/sign-in");
        assert_eq!(sign_in_before("//evil.example"), "/sign-in");
    }
}
