//! One entry of a chat.

use domain::SecretName;
use domain::chat::EntryView;
use leptos::prelude::*;

use super::asked::AskedHere;
use super::live::{Live, Place};
use super::markdown;
use super::run::Ran;
use crate::erase::{Erase, Erased};

/// Secrets that the chat speaks of and that are no longer stored.
pub(super) type Gone = StoredValue<Vec<SecretName>>;

#[component]
pub(super) fn EntryOf(
    place: Place,
    live: Live,
    gone: Gone,
    /// Where the request stands that can be answered in the chat.
    last: Memo<Option<u32>>,
) -> impl IntoView {
    let shown = move || match place.entry.get() {
        EntryView::Person(text, redacted) => person(markdown::blocks(text), &redacted),
        EntryView::Agent(text) if text.is_empty() => ().erased(),
        EntryView::Agent(text) => agent(markdown::blocks(text)),
        EntryView::Writing(text) => {
            let words = move || format!("{text}{}", place.more.get());
            agent(view! { <p class="said__writing">{words}</p> }.erased())
        }
        EntryView::Listed => view! { <p class="aside">"Looked at the names of your secrets"</p> }.erased(),
        EntryView::Asked(asked) => {
            let here = Memo::new(move |_| last.get() == Some(place.position) && live.working());
            view! { <AskedHere asked=*asked here gone /> }.erased()
        }
        EntryView::Ran(run) => view! { <Ran run=*run more=place.more gone /> }.erased(),
        EntryView::Note(text, true) => view! { <p class="alert alert--error">{text}</p> }.erased(),
        EntryView::Note(text, false) => view! { <p class="aside">{text}</p> }.erased(),
    };
    view! { <li class="entry">{shown}</li> }.erased()
}

fn person(text: Erased, redacted: &[SecretName]) -> Erased {
    let names: Vec<_> = redacted.iter().map(SecretName::as_str).collect();
    let words = (!names.is_empty()).then(|| {
        let (verb, it) = if names.len() == 1 {
            ("stood", "it was")
        } else {
            ("stood", "they were")
        };
        format!(
            "The value of {} {verb} in this message; {it} taken out, and replaced by the name.",
            names.join(", ")
        )
    });
    view! {
        <div class="said said--person">
            <p class="visually-hidden">"You:"</p>
            {text}
        </div>
        {words.map(|words| view! { <p class="aside aside--end">{words}</p> })}
    }
    .erased()
}

fn agent(text: Erased) -> Erased {
    view! {
        <div class="said">
            <p class="visually-hidden">"Agent:"</p>
            {text}
        </div>
    }
    .erased()
}

/// Names of secrets in a line, and which of them are no longer there.
pub(super) fn named(names: Vec<SecretName>, gone: Gone) -> Erased {
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let is_gone = gone.with_value(|gone| gone.contains(&name));
            let before = if index > 0 { ", " } else { "" };
            view! {
                {before}
                <code class=is_gone.then_some("is-gone")>{name.to_string()}</code>
                {is_gone.then_some(" (no longer available)")}
            }
        })
        .collect_view()
        .erased()
}
