//! Copying a text to the clipboard.

use leptos::__reexports::wasm_bindgen_futures::JsFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;

use super::icon::{Glyph, Icon};

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    NotYet,
    Yes,
    Refused,
}

/// A button that copies `text`. Shown only where scripts run; without them the text beside it is selected by a click.
#[component]
pub(crate) fn CopyButton(#[prop(into)] text: String) -> impl IntoView {
    let copied = RwSignal::new(Copied::NotYet);
    let copy = move |_| {
        let writing = window().navigator().clipboard().write_text(&text);
        spawn_local(async move {
            let done: Result<JsValue, JsValue> = JsFuture::from(writing).await;
            copied.set(if done.is_ok() { Copied::Yes } else { Copied::Refused });
        });
    };
    let words = move || match copied.get() {
        Copied::NotYet => "Copy",
        Copied::Yes => "Copied",
        Copied::Refused => "Select it and copy by hand",
    };
    view! {
        <button type="button" class="button needs-script" on:click=copy>
            <Icon glyph=Glyph::Copy />
            <span role="status">{words}</span>
        </button>
    }
    .into_any()
}
