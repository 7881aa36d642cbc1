//! Where a model is.

use std::fmt;

use reqwest::Url;
use reqwest::header::HeaderValue;
use thiserror::Error;
use zeroize::Zeroizing;

/// Where a model is, and as whom it is asked.
#[derive(Clone)]
pub struct Endpoint {
    /// The base of the protocol, like `http://127.0.0.1:11434/v1`. A query (`?api-version=…`) is kept.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// Sent as a bearer token. Local servers mostly want none.
    pub key: Option<Zeroizing<String>>,
}

/// Why an endpoint cannot be used. Says neither the key nor the address, which might hold one.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum EndpointError {
    /// Not an address, or neither `http` nor `https`.
    #[error("the model's address is no http:// or https:// URL")]
    Address,
    /// `https://user:password@…`: an address is shown and logged too easily to hold a password.
    #[error("the model's address holds a user or password; give the key by itself")]
    Credentials,
    /// Without a name no server knows which to use.
    #[error("the model's name is empty")]
    NoName,
    /// A key is sent in a header line.
    #[error("the model's key holds characters that no key has: only visible ASCII can be sent")]
    Key,
    /// Without certificates to trust there is no `https`.
    #[error(
        "the system's certificates, needed for an https:// model, cannot be read; on Debian they are in ca-certificates"
    )]
    Tls,
}

const PATH: &str = "/chat/completions";

impl Endpoint {
    /// Where to post. The base may end in a slash, or be the whole address already.
    pub(super) fn address(&self) -> Result<Url, EndpointError> {
        if self.model.trim().is_empty() {
            return Err(EndpointError::NoName);
        }
        let mut url = Url::parse(self.url.trim()).map_err(|_| EndpointError::Address)?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(EndpointError::Address);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::Credentials);
        }
        let base = url.path().trim_end_matches('/');
        let path = if base.ends_with(PATH) {
            base.to_owned()
        } else {
            format!("{base}{PATH}")
        };
        url.set_path(&path);
        url.set_fragment(None);
        Ok(url)
    }

    /// The header line with the key, marked so that nothing prints it.
    pub(super) fn authorization(&self) -> Result<Option<HeaderValue>, EndpointError> {
        let Some(key) = &self.key else { return Ok(None) };
        // A key from a file ends in a newline.
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(EndpointError::Key);
        }
        let line = Zeroizing::new(format!("Bearer {key}"));
        let mut value = HeaderValue::from_str(&line).map_err(|_| EndpointError::Key)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the address either: its query or its user part may be a key.
        f.debug_struct("Endpoint")
            .field("model", &self.model)
            .field("key", &self.key.as_ref().map(|_| "…"))
            .finish_non_exhaustive()
    }
}
