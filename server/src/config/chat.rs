//! The model that answers in chats.

use agent::model::Endpoint;
use axum::http::Uri;
use zeroize::Zeroizing;

use super::public_url::is_loopback_host;
use super::variable::{ConfigError, Environment};

const KEY: &str = "STRONGROOM_MODEL_KEY";

/// None unless an address is set; then its name has to be, too. Over plain http to another machine everybody on the way
/// could take the key and read along, so that is asked for.
pub(super) fn model(environment: &Environment<'_>, insecure_http: bool) -> Result<Option<Endpoint>, ConfigError> {
    let url = environment.text("STRONGROOM_MODEL_URL")?;
    let model = environment.text("STRONGROOM_MODEL")?;
    let key = key(environment)?;
    match (url, model) {
        (Some(url), Some(_)) if !insecure_http && is_plain_and_far(&url) => Err(ConfigError::new(
            "STRONGROOM_MODEL_URL",
            "begins with http:// and leads to another machine: everybody on the way can take the model's key and read the \
             chats. Use https://, or accept that with STRONGROOM_INSECURE_HTTP=1",
            "https://models.example.org/v1",
        )),
        (Some(url), Some(model)) => Ok(Some(Endpoint { url, model, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(ConfigError::new(
            "STRONGROOM_MODEL",
            "is not set, but STRONGROOM_MODEL_URL is: say which model answers there",
            "llama3.1",
        )),
        (None, Some(_)) => Err(ConfigError::new(
            "STRONGROOM_MODEL_URL",
            "is not set, but STRONGROOM_MODEL is: say where it answers",
            "http://127.0.0.1:11434/v1",
        )),
    }
}

fn is_plain_and_far(url: &str) -> bool {
    let url: Option<Uri> = url.trim().parse().ok();
    url.is_some_and(|url| url.scheme_str() == Some("http") && !url.host().is_some_and(is_loopback_host))
}

/// A secret setting is a value or a file; both at once leave open which one is meant.
fn key(environment: &Environment<'_>) -> Result<Option<Zeroizing<String>>, ConfigError> {
    const FILE: &str = "STRONGROOM_MODEL_KEY_FILE";
    let value = environment.text(KEY)?.map(Zeroizing::new);
    let Some(path) = environment.os(FILE)? else {
        return Ok(value);
    };
    if value.is_some() {
        return Err(ConfigError::bare(
            KEY,
            "and STRONGROOM_MODEL_KEY_FILE are both set, so it is not clear which key is meant. Unset one of them",
        ));
    }
    std::fs::read_to_string(&path)
        .map(|key| Some(Zeroizing::new(key)))
        .map_err(|error| ConfigError::bare(FILE, format!("cannot be read: {error}")))
}
