//! Copying a text to the clipboard.

use leptos::__reexports::wasm_bindgen_futures::JsFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;

use super::icon::{Glyph, Icon};
use super::notice::Notice;
use crate::erase::Erase;

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    NotYet,
    Yes,
    Refused,
}

/// A button that copies `text`. Shown only where scripts run; without them the text beside it is selected by a click.
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] text: String,
    /// For screen readers: what is copied, where there are several.
    #[prop(optional)]
    about: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(Copied::NotYet);
    let copy = move |_| {
        copy(&text, move |done| {
            copied.set(if done { Copied::Yes } else { Copied::Refused })
        })
    };
    let words = move || match copied.get() {
        Copied::NotYet => "Copy",
        Copied::Yes => "Copied",
        Copied::Refused => "Select it and copy by hand",
    };
    let about = (!about.is_empty()).then(|| view! { <span class="visually-hidden">" " {about}</span> });
    view! {
        <button type="button" class="button needs-script" on:click=copy>
            <Icon glyph=Glyph::Copy />
            <span>{words}</span>
            {about}
        </button>
        // Beside the button, whose name would otherwise lose its words.
        <span class="visually-hidden" role="status">
            {move || (copied.get() != Copied::NotYet).then(words)}
        </span>
    }
    .erased()
}

/// The same, small, beside a name that is read anyway. What became of it is said in the page's notice.
#[component]
pub(crate) fn CopyIcon(#[prop(into)] text: String) -> impl IntoView {
    let notice = use_context::<Notice>();
    let label = format!("Copy {text}");
    let copy_it = move |_| {
        let name = text.clone();
        copy(&text, move |done| {
            let said = if done {
                format!("Copied {name}.")
            } else {
                "Your browser did not let it be copied. Select it and copy by hand.".to_owned()
            };
            if let Some(notice) = notice {
                notice.show(said);
            }
        });
    };
    view! {
        <button type="button" class="icon-button icon-button--small needs-script" aria-label=label title="Copy the name" on:click=copy_it>
            <Icon glyph=Glyph::Copy />
        </button>
    }
    .erased()
}

fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let writing = window().navigator().clipboard().write_text(text);
    spawn_local(async move {
        let done: Result<JsValue, JsValue> = JsFuture::from(writing).await;
        then(done.is_ok());
    });
}
