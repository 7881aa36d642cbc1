//! The site's static files, carried inside the program: one file to deploy, and nothing to find at run time.
//!
//! `build.rs` makes the table from the folder that `cargo xtask` built; [`serve`] answers from it. To mount it, call
//! `serve` before the pages' own 404:
//!
//! ```ignore
//! async fn fallback(method: Method, uri: Uri, headers: HeaderMap) -> Response {
//!     site::serve(&method, &uri, &headers).unwrap_or_else(not_found)
//! }
//! ```
//!
//! Answers from here set `Cache-Control` and `Vary` themselves: a layer that adds `no-store` must leave a value that is
//! already there. The other security headers come from the layers that every answer passes.

mod encoding;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use self::encoding::{Encoding, acceptable};

/// A year, which RFC 9111 caches take as for ever: the name changes when the content does.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked about each time: the name stays when the content changes.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

static EMBEDDED: Site = include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The files of one build of the site, and which of them a page must name.
#[derive(Debug)]
pub struct Site {
    /// Path of the script that loads the WASM; `None` in a server built without a site.
    pub js: Option<&'static str>,
    /// Path of the WASM, which the page hands to the script.
    pub wasm: Option<&'static str>,
    /// Path of the one style sheet.
    pub css: Option<&'static str>,
    files: &'static [Asset],
}

#[derive(Debug)]
struct Asset {
    path: &'static str,
    content_type: &'static str,
    /// Hex SHA-256 of the raw bytes, shortened: the entity tag of files whose name stays.
    digest: &'static str,
    /// Whether the name holds a hash of the content.
    hashed: bool,
    raw: &'static [u8],
    br: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// The site embedded in this program: its `js`, `wasm` and `css` are what `app` writes into each page's head.
pub fn assets() -> &'static Site {
    &EMBEDDED
}

/// Answers with the embedded file of that path, or `None` where there is none.
///
/// `GET` and `HEAD`; any other method on a file's path is 405. The encoding is the best of br, gzip and identity that
/// `Accept-Encoding` allows. A file whose name does not change carries an entity tag, and 304 answers a match.
pub fn serve(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    EMBEDDED.answer(method, uri.path(), headers)
}

impl Site {
    fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        let asset = self.files.iter().find(|asset| asset.path == path)?;
        if method != Method::GET && method != Method::HEAD {
            let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
            return Some((StatusCode::METHOD_NOT_ALLOWED, allow).into_response());
        }
        Some(asset.answer(method == Method::HEAD, headers))
    }
}

impl Asset {
    fn answer(&self, head: bool, request: &HeaderMap) -> Response {
        let (encoding, bytes) = self.representation(request);
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        if self.br.is_some() || self.gzip.is_some() {
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        if self.hashed {
            headers.insert(header::CACHE_CONTROL, FOR_EVER);
        } else {
            headers.insert(header::CACHE_CONTROL, REVALIDATE);
            // Strong tags name one representation (RFC 9110, 8.8.3.3), so the encoding is a part of it.
            let tag = format!("\"{}-{}\"", self.digest, encoding.as_str());
            if matches_tag(request, &tag) {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
            }
            if let Ok(tag) = HeaderValue::try_from(tag) {
                response.headers_mut().insert(header::ETAG, tag);
            }
        }
        if response.status() == StatusCode::NOT_MODIFIED {
            return response;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if encoding != Encoding::Identity {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.as_str()));
        }
        if !head {
            *response.body_mut() = Body::from(Bytes::from_static(bytes));
        }
        response
    }

    fn representation(&self, request: &HeaderMap) -> (Encoding, &'static [u8]) {
        acceptable(request)
            .find_map(|encoding| {
                let bytes = match encoding {
                    Encoding::Brotli => self.br,
                    Encoding::Gzip => self.gzip,
                    Encoding::Identity => Some(self.raw),
                };
                bytes.map(|bytes| (encoding, bytes))
            })
            // Whoever refuses even the file as it is gets it all the same: better than nothing (RFC 9110, 12.5.3).
            .unwrap_or((Encoding::Identity, self.raw))
    }
}

/// `If-None-Match` compares weakly (RFC 9110, 13.1.2): a `W/` before the tag, as proxies add it, does not matter.
fn matches_tag(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|candidate| candidate == "*" || candidate.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests;
