//! Asking the server by script.

use domain::RawValue;
use leptos::__reexports::wasm_bindgen_futures::JsFuture;
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{Headers, RequestInit, Response};

use crate::error::UiError;

/// Posts a URL-encoded body to a server function, and gives its answer as JSON.
///
/// The framework has a function for each server function that does the same, at several kilobytes of WASM each.
///
/// # Errors
/// Its own [`UiError`], sent as JSON under a status of 400 or more; or that nothing answered, or something between here and
/// there.
pub(crate) async fn post(path: &str, body: RawValue) -> Result<String, UiError> {
    let answer = fetch(path, &body).await.map_err(|_| UiError::Offline)?;
    drop(body);
    let text = answer.text().map_err(|_| UiError::Offline)?;
    let text = JsFuture::from(text).await.map_err(|_| UiError::Offline)?;
    let text = text.as_string().unwrap_or_default();
    if answer.ok() {
        Ok(text)
    } else {
        Err(serde_json::from_str(&text).unwrap_or(UiError::Unavailable))
    }
}

async fn fetch(path: &str, body: &RawValue) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    headers.set("Content-Type", "application/x-www-form-urlencoded")?;
    let how = RequestInit::new();
    how.set_method("POST");
    how.set_headers(&headers);
    // Exposed on its way from a form to the server, the one way that it goes.
    how.set_body(&JsValue::from_str(body.expose()));
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &how)).await?;
    answer.dyn_into()
}
