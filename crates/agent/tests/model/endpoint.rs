//! Endpoints that cannot be used, and what is printed of those that can.

use agent::model::{Endpoint, EndpointError, Model};
use zeroize::Zeroizing;

use crate::talk::KEY;

fn endpoint(url: &str, model: &str, key: Option<&str>) -> Endpoint {
    Endpoint {
        url: url.to_owned(),
        model: model.to_owned(),
        key: key.map(|key| Zeroizing::new(key.to_owned())),
    }
}

#[test]
fn an_endpoint_that_cannot_be_used_is_refused_before_it_is_asked() {
    let good = "http://127.0.0.1:11434/v1";
    for (url, model, key, expected) in [
        ("127.0.0.1:11434/v1", "m", None, EndpointError::Address),
        ("ftp://127.0.0.1/v1", "m", None, EndpointError::Address),
        ("http://", "m", None, EndpointError::Address),
        ("", "m", None, EndpointError::Address),
        (
            "https://me:pass-9f31@example.org/v1",
            "m",
            None,
            EndpointError::Credentials,
        ),
        ("https://key-9f31@example.org/v1", "m", None, EndpointError::Credentials),
        (good, " ", None, EndpointError::NoName),
        (good, "m", Some(""), EndpointError::Key),
        (good, "m", Some("sk-canary\r\nx-other: 1"), EndpointError::Key),
        (good, "m", Some("sk-canäry"), EndpointError::Key),
    ] {
        let error = Model::new(endpoint(url, model, key)).unwrap_err();
        assert_eq!(error, expected, "{url}");
        let words = format!("{error} {error:?}");
        assert!(!words.contains("canary") && !words.contains("9f31"), "{words}");
    }
}

#[test]
fn neither_an_endpoint_nor_a_model_prints_its_key() {
    let url = format!("https://example.org/v1?key={KEY}");
    let endpoint = endpoint(&url, "m", Some(KEY));
    let printed = format!("{endpoint:?}");
    let model = Model::new(endpoint).unwrap();
    for words in [printed, format!("{model:?} {model:#?}")] {
        assert!(!words.contains(KEY), "{words}");
    }
}
