//! Sending a form by script, as the browser would by itself: to the same address, in the same encoding.

use domain::RawValue;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};
use serde_json::value::RawValue as Json;

use crate::call;
use crate::error::UiError;
use crate::reply::Reply;

/// What a form sends, URL-encoded; it may hold a value, and is wiped when dropped.
pub(super) fn body_of(event: &SubmitEvent) -> Option<RawValue> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(RawValue::new(String::from(fields.to_string())))
}

/// Posts it, and gives the answer, with what it holds as it came.
pub(super) async fn post(path: &str, body: RawValue) -> Result<Reply<Box<Json>>, UiError> {
    let answer = call::post(path, body).await?;
    serde_json::from_str(&answer).map_err(|_| UiError::Unavailable)
}
