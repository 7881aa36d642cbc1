//! The model that answers in chats.

use agent::model::Endpoint;
use zeroize::Zeroizing;

use super::variable::{ConfigError, Environment};

const KEY: &str = "STRONGROOM_MODEL_KEY";

/// None unless an address is set; then its name has to be, too.
pub(super) fn model(environment: &Environment<'_>) -> Result<Option<Endpoint>, ConfigError> {
    let url = environment.text("STRONGROOM_MODEL_URL")?;
    let model = environment.text("STRONGROOM_MODEL")?;
    let key = key(environment)?;
    match (url, model) {
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
