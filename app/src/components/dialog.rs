//! A dialog that is a page of its own address.

use std::time::Duration;

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlDialogElement, HtmlElement};

use super::icon::{Glyph, Icon};
use super::leave::go;

/// A dialog over the page `back`, which it returns to.
///
/// The server sends it open, and the style sheet lays it over the page: without scripts that is all there is. With
/// scripts the browser makes it modal: focus stays inside, the rest of the page is inert, Escape closes it. Closing is
/// navigating to `back`; focus returns to what opened it, or else to the page's heading.
#[component]
pub(crate) fn Dialog(#[prop(into)] title: String, back: &'static str, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let go = go();
    // All of it inside the effect: on the server neither an effect nor its cleanup runs.
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        let opener = SendWrapper::new(make_modal(&dialog));
        on_cleanup(move || request_animation_frame(move || return_focus(opener.take())));
    });
    view! {
        <dialog
            node_ref=node
            open
            class="dialog"
            aria-labelledby="dialog-title"
            on:close=move |_| go(back)
        >
            <header class="dialog__head">
                <h2 id="dialog-title">{title}</h2>
                <a class="icon-button" href=back aria-label="Close" prop:replace=true>
                    <Icon glyph=Glyph::Close />
                </a>
            </header>
            {children()}
        </dialog>
    }
    .into_any()
}

/// The link that leaves a dialog without doing anything.
#[component]
pub(crate) fn Cancel(back: &'static str, #[prop(default = "Cancel")] label: &'static str) -> impl IntoView {
    view! {
        <a class="button" href=back prop:replace=true>
            {label}
        </a>
    }
    .into_any()
}

/// Makes an open dialog modal, and gives what was focused before. Whoever is typing in it already, while the scripts
/// were loading, keeps the cursor.
fn make_modal(dialog: &HtmlDialogElement) -> Option<HtmlElement> {
    let focused = document()
        .active_element()
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let inside = focused.as_ref().is_some_and(|element| dialog.contains(Some(element)));
    // `showModal` refuses a dialog that is open. Removing the attribute closes it without a `close` event.
    dialog.set_open(false);
    if dialog.show_modal().is_err() {
        dialog.set_open(true);
    }
    match focused {
        Some(element) if inside => {
            // Fails only for what cannot be focused, and this was.
            let _ = element.focus();
            None
        }
        focused => focused,
    }
}

fn return_focus(opener: Option<HtmlElement>) {
    let opener = opener.filter(|element| element.is_connected() && element.tag_name() != "BODY");
    let Some(opener) = opener else { return focus_heading() };
    // Fails only for what cannot be focused.
    let _ = opener.focus();
    // What was deleted takes its buttons along once the list is read again, and the focus with them.
    for wait in [200, 1000, 3000] {
        let opener = opener.clone();
        set_timeout(move || keep_focus(&opener), Duration::from_millis(wait));
    }
}

/// Gives the focus to the heading if it was lost with the element that had it.
fn keep_focus(had_it: &HtmlElement) {
    let lost = document()
        .active_element()
        .is_none_or(|element| element.tag_name() == "BODY");
    if lost && !had_it.is_connected() {
        focus_heading();
    }
}

fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // Fails only for what cannot be focused.
        let _ = heading.focus();
    }
}
