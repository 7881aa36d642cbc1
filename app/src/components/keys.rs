//! Keys that work anywhere on a page, and the list of them.

use leptos::ev::{KeyboardEvent, keydown};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlDialogElement, HtmlElement};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::focus::focused;
use crate::erase::Erase;

const LIST: &str = "keys";
/// The field that `/` goes to, on pages that have one.
pub(crate) const SEARCH: &str = "search";

const KEYS: [(&str, &str); 4] = [
    ("/", "Search your secrets"),
    ("n", "Add a secret"),
    ("?", "Show this list"),
    ("Esc", "Close what is open"),
];

/// Listens for the keys, and holds the list, closed. Letters alone are keys only where nobody is typing, and with no
/// dialog open (WCAG 2.2, 2.1.4 asks that they can do no harm to speech input: each leads to something that is closed by Escape).
#[component]
pub(crate) fn Keys() -> impl IntoView {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let listening = window_event_listener(keydown, move |event| {
            if !is_free(&event) {
                return;
            }
            match event.key().as_str() {
                "/" if focus_search() => event.prevent_default(),
                "n" => {
                    event.prevent_default();
                    navigate("/secrets/new", NavigateOptions::default());
                }
                "?" => open_keys(),
                _ => {}
            }
        });
        on_cleanup(move || listening.remove());
    });
    view! {
        <dialog class="dialog dialog--small" id=LIST aria-labelledby="keys-title">
            <h2 id="keys-title">"Keyboard shortcuts"</h2>
            <dl class="keys">
                {KEYS
                    .map(|(key, what)| {
                        view! {
                            <div class="keys__item">
                                <dt>
                                    <kbd>{key}</kbd>
                                </dt>
                                <dd>{what}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <form method="dialog" class="dialog__foot">
                <button class="button" type="submit">
                    "Close"
                </button>
            </form>
        </dialog>
    }
    .erased()
}

/// Shows the list.
pub(crate) fn open_keys() {
    let list = document()
        .get_element_by_id(LIST)
        .and_then(|list| list.dyn_into::<HtmlDialogElement>().ok());
    if let Some(list) = list {
        // Fails only where it is open already.
        let _ = list.show_modal();
    }
}

fn is_free(event: &KeyboardEvent) -> bool {
    let chord = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
    let typing = focused().is_some_and(|element| {
        element.is_content_editable() || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    });
    let open = document()
        .query_selector("dialog[open], :popover-open")
        .ok()
        .flatten()
        .is_some();
    !chord && !typing && !open && !event.default_prevented()
}

fn focus_search() -> bool {
    let field = document()
        .get_element_by_id(SEARCH)
        .and_then(|field| field.dyn_into::<HtmlElement>().ok());
    field.is_some_and(|field| field.focus().is_ok())
}
