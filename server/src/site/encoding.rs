//! Which encodings a client takes: `Accept-Encoding` (RFC 9110, 12.5.3), as far as static files need it.

use axum::http::{HeaderMap, header};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// In the order the server prefers: smallest first.
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// The content coding's registered name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }
}

/// The encodings that the request allows, best first. The server's order decides and not the weights: every browser
/// sends them all alike, and the smallest is the best for everyone. A weight of 0 is a refusal.
pub(super) fn acceptable(headers: &HeaderMap) -> impl Iterator<Item = Encoding> {
    let offers: Vec<(String, bool)> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(offer)
        .collect();
    Encoding::ALL.into_iter().filter(move |encoding| {
        let named = |name: &str| {
            offers
                .iter()
                .find(|(coding, _)| coding == name)
                .map(|(_, taken)| *taken)
        };
        match named(encoding.as_str()).or_else(|| named("*")) {
            Some(taken) => taken,
            None => *encoding == Encoding::Identity,
        }
    })
}

/// One element of the list: the coding in lower case, and whether its weight is above 0. A weight that is no number is
/// a refusal: the plain file is always right.
fn offer(element: &str) -> (String, bool) {
    let mut parts = element.split(';').map(str::trim);
    let coding = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let taken = weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0));
    (coding, taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(value: &'static str) -> Vec<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, axum::http::HeaderValue::from_static(value));
        acceptable(&headers).collect()
    }

    #[test]
    fn nothing_said_means_the_plain_file() {
        assert_eq!(acceptable(&HeaderMap::new()).collect::<Vec<_>>(), [Encoding::Identity]);
    }

    #[test]
    fn what_a_browser_sends_gets_brotli_first() {
        assert_eq!(offered("gzip, deflate, br, zstd"), Encoding::ALL);
    }

    #[test]
    fn a_weight_of_zero_is_a_refusal() {
        assert_eq!(offered("br;q=0, gzip;q=0.5"), [Encoding::Gzip, Encoding::Identity]);
        assert_eq!(offered("br; q=0.000, *"), [Encoding::Gzip, Encoding::Identity]);
        assert_eq!(offered("*;q=0"), []);
        assert_eq!(offered("identity;q=0, br"), [Encoding::Brotli]);
    }

    #[test]
    fn names_are_compared_without_case_and_nonsense_is_left_out() {
        assert_eq!(offered("GZIP;Q=1"), [Encoding::Gzip, Encoding::Identity]);
        assert_eq!(offered(";;,br;q=lots,,"), [Encoding::Identity]);
    }
}
