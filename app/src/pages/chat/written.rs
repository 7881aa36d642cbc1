//! What stands in a chat, as HTML. On the server only: the browser puts it where it belongs, and neither reads nor shows
//! the parts of it, which would be a quarter of the page's weight.
//!
//! Everything in it goes through views, which escape text; addresses were checked where the Markdown was read.

mod asked;
mod entry;
mod markdown;
mod run;

use domain::chat::{self, EntryView};
use domain::{RequestStatus, SecretName};
use leptos::prelude::*;

use super::shown::{ChatUpdate, ShownEntry};
use crate::erase::{Erase, Erased};

/// What a page that shows a chat is told, from what happens in it. `gone`: secrets that the chat speaks of and that are no
/// longer stored.
pub fn update(update: chat::Update, gone: &[SecretName]) -> ChatUpdate {
    match update {
        chat::Update::Entry(shown) => ChatUpdate::Entry(written(shown, gone)),
        chat::Update::More(position, text) => ChatUpdate::More(position, text),
        chat::Update::Working(working) => ChatUpdate::Working(working),
    }
}

/// One entry as the page shows it.
pub(crate) fn written(shown: chat::Shown, gone: &[SecretName]) -> ShownEntry {
    let chat::Shown { position, entry } = shown;
    let asks = match &entry {
        EntryView::Asked(asked) if asked.status == RequestStatus::Pending => Some(asked.id.clone()),
        _ => None,
    };
    let html = match asks {
        None => entry::of(entry, gone).to_html(),
        Some(_) => String::new(),
    };
    ShownEntry { position, html, asks }
}

/// Names of secrets in a line, and which of them are no longer there.
fn named(names: Vec<SecretName>, gone: &[SecretName]) -> Erased {
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let is_gone = gone.contains(&name);
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
