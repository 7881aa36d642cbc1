//! What a browser, a cache and a stranger get for the embedded files.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::to_bytes;

use super::*;

static SITE: Site = Site {
    js: Some("/pkg/strongroom.0a1b2c3d.js"),
    wasm: None,
    css: None,
    files: &[
        Asset {
            path: "/pkg/strongroom.0a1b2c3d.wasm",
            content_type: "application/wasm",
            digest: "0a1b2c3d",
            hashed: true,
            raw: b"raw wasm",
            br: Some(b"br"),
            gzip: Some(b"gzip"),
        },
        Asset {
            path: "/favicon.svg",
            content_type: "image/svg+xml",
            digest: "99887766",
            hashed: false,
            raw: b"<svg/>",
            br: None,
            gzip: Some(b"gz"),
        },
    ],
};

fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
        .collect()
}

fn get(path: &str, pairs: &[(header::HeaderName, &'static str)]) -> Response {
    SITE.answer(&Method::GET, path, &headers(pairs)).unwrap()
}

fn header(response: &Response, name: header::HeaderName) -> Option<&str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

async fn body(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn a_hashed_file_is_cached_for_ever_and_sent_as_small_as_the_client_takes_it() {
    let response = get(
        "/pkg/strongroom.0a1b2c3d.wasm",
        &[(header::ACCEPT_ENCODING, "gzip, br")],
    );
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, header::CONTENT_TYPE), Some("application/wasm"));
    assert_eq!(header(&response, header::CONTENT_ENCODING), Some("br"));
    assert_eq!(
        header(&response, header::CACHE_CONTROL),
        Some("public, max-age=31536000, immutable")
    );
    assert_eq!(header(&response, header::VARY), Some("Accept-Encoding"));
    assert_eq!(header(&response, header::ETAG), None);
    assert_eq!(body(response).await, b"br");
}

#[tokio::test]
async fn a_client_that_takes_no_encoding_gets_the_plain_file() {
    for accept in ["identity", "br;q=0, gzip;q=0", "*;q=0"] {
        let response = get("/pkg/strongroom.0a1b2c3d.wasm", &[(header::ACCEPT_ENCODING, accept)]);
        assert_eq!(header(&response, header::CONTENT_ENCODING), None);
        assert_eq!(body(response).await, b"raw wasm");
    }
}

#[tokio::test]
async fn an_encoding_that_was_not_made_falls_back_to_the_next() {
    let response = get("/favicon.svg", &[(header::ACCEPT_ENCODING, "br, gzip")]);
    assert_eq!(header(&response, header::CONTENT_ENCODING), Some("gzip"));
    assert_eq!(body(response).await, b"gz");
}

#[tokio::test]
async fn a_file_that_keeps_its_name_is_asked_about_and_304_when_known() {
    let first = get("/favicon.svg", &[]);
    assert_eq!(header(&first, header::CACHE_CONTROL), Some("no-cache"));
    assert_eq!(header(&first, header::ETAG), Some("\"99887766-identity\""));

    for known in ["\"99887766-identity\"", "\"other\", W/\"99887766-identity\"", "*"] {
        let again = get("/favicon.svg", &[(header::IF_NONE_MATCH, known)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header(&again, header::ETAG), Some("\"99887766-identity\""));
        assert_eq!(header(&again, header::VARY), Some("Accept-Encoding"));
        assert_eq!(body(again).await, b"");
    }
}

#[tokio::test]
async fn the_tag_of_one_encoding_does_not_stand_for_another() {
    let request = [
        (header::IF_NONE_MATCH, "\"99887766-identity\""),
        (header::ACCEPT_ENCODING, "gzip"),
    ];
    assert_eq!(get("/favicon.svg", &request).status(), StatusCode::OK);
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let request = headers(&[(header::ACCEPT_ENCODING, "gzip")]);
    let response = SITE.answer(&Method::HEAD, "/favicon.svg", &request).unwrap();
    assert_eq!(header(&response, header::CONTENT_LENGTH), Some("2"));
    assert_eq!(header(&response, header::CONTENT_TYPE), Some("image/svg+xml"));
    assert_eq!(body(response).await, b"");
}

#[test]
fn a_file_cannot_be_posted_to_and_other_paths_are_not_ours() {
    let post = SITE.answer(&Method::POST, "/favicon.svg", &HeaderMap::new()).unwrap();
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(header(&post, header::ALLOW), Some("GET, HEAD"));
    for path in ["/", "/favicon", "/pkg/", "/pkg/../favicon.svg", "//favicon.svg"] {
        assert!(SITE.answer(&Method::GET, path, &HeaderMap::new()).is_none(), "{path}");
    }
}
