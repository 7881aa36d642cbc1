//! Whether somebody has typed something.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

/// Whether a field inside holds a text that does not stand in it by itself. Fields without a name are not sent, and do not
/// count; nor do boxes and choices, which are set again in a moment.
pub(crate) fn holds_typed_text(inside: &Element) -> bool {
    let Ok(fields) = inside.query_selector_all("input[name]:not([type='hidden']), textarea[name]") else {
        return false;
    };
    (0..fields.length()).filter_map(|at| fields.item(at)).any(|field| {
        if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
            return area.default_value().is_ok_and(|default| area.value() != default);
        }
        let input = field.dyn_ref::<HtmlInputElement>();
        input.is_some_and(|input| {
            !matches!(input.type_().as_str(), "checkbox" | "radio") && input.value() != input.default_value()
        })
    })
}
