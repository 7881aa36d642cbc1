//! Where the keyboard is.

use std::cell::RefCell;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

/// What has the focus.
pub(crate) fn focused() -> Option<HtmlElement> {
    document()
        .active_element()
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
}

/// Gives the focus to the page's heading.
pub(crate) fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // Fails only for what cannot be focused.
        let _ = heading.focus();
    }
}

/// Gives the focus to the heading whenever `changed` has changed and nothing has it any more: what had it was removed. To be
/// called in the browser's part of a component.
pub(crate) fn keep_focus_when(changed: impl Fn() + 'static) {
    Effect::new(move |before: Option<()>| {
        changed();
        if before.is_some() {
            // After the change is in the page.
            request_animation_frame(|| {
                if focused().is_none_or(|element| element.tag_name() == "BODY") {
                    focus_heading();
                }
            });
        }
    });
}

thread_local! {
    /// What had the focus before a dialog was asked for.
    static OPENER: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Remembers what has the focus, for the dialog that will return it there. Does nothing on the server.
pub(crate) fn remember_opener() {
    #[cfg(feature = "hydrate")]
    if let Some(element) = focused().filter(|element| element.tag_name() != "BODY") {
        OPENER.with(|opener| *opener.borrow_mut() = Some(element));
    }
}

/// What was remembered, once.
pub(crate) fn take_opener() -> Option<HtmlElement> {
    OPENER.with(|opener| opener.borrow_mut().take())
}
