//! Sending a form by script, as the browser would by itself: to the same address, in the same encoding.

use domain::RawValue;
use leptos::__reexports::wasm_bindgen_futures::JsFuture;
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{FormData, Headers, HtmlFormElement, RequestInit, Response, SubmitEvent, UrlSearchParams};

use crate::error::UiError;
use crate::reply::Reply;

/// What a form sends, URL-encoded; it may hold a value, and is wiped when dropped.
pub(super) fn body_of(event: &SubmitEvent) -> Option<RawValue> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(RawValue::new(String::from(fields.to_string())))
}

/// Posts it, and gives the answer. An error of a server function is its [`UiError`] as JSON, under a status of 400 or more;
/// whatever else answers is something between here and there.
pub(super) async fn post(path: &str, body: RawValue) -> Result<Reply<serde_json::Value>, UiError> {
    let answer = fetch(path, &body).await.map_err(|_| UiError::Offline)?;
    drop(body);
    let text = match answer.text() {
        Ok(text) => JsFuture::from(text).await.map_err(|_| UiError::Offline)?,
        Err(_) => return Err(UiError::Offline),
    };
    let text = text.as_string().unwrap_or_default();
    if answer.ok() {
        serde_json::from_str(&text).map_err(|_| UiError::Unavailable)
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
    // Exposed on its way from the form to the server, the one way it goes.
    how.set_body(&JsValue::from_str(body.expose()));
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &how)).await?;
    answer.dyn_into()
}
