//! One entry of a chat.

use domain::SecretName;
use domain::chat::EntryView;
use leptos::prelude::*;

use super::{asked, markdown, run};
use crate::erase::{Erase, Erased};

/// What stands there.
pub(super) fn of(entry: EntryView, gone: &[SecretName]) -> Erased {
    match entry {
        EntryView::Person(text, redacted) => person(markdown::blocks(text), &redacted),
        EntryView::Agent(text) if text.is_empty() => ().erased(),
        EntryView::Agent(text) => agent(markdown::blocks(text)),
        EntryView::Writing(text) => {
            agent(view! { <p class="said__writing">{text} <span data-more></span></p> }.erased())
        }
        EntryView::Listed => view! { <p class="aside">"Looked at the names of your secrets"</p> }.erased(),
        EntryView::Asked(asked) => asked::of(*asked, gone),
        EntryView::Ran(run) => run::of(*run, gone),
        EntryView::Note(text, true) => view! { <p class="alert alert--error">{text}</p> }.erased(),
        EntryView::Note(text, false) => view! { <p class="aside">{text}</p> }.erased(),
    }
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
