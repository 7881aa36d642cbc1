//! One entry of a chat, at its place.

use leptos::html;
use leptos::prelude::*;

use super::asked::AskedHere;
use super::live::{Live, Place};
use super::shown::{MORE, ShownEntry};
use crate::erase::Erase;

#[component]
pub(super) fn EntryOf(
    place: Place,
    live: Live,
    /// Where the request stands that can be answered in the chat.
    last: Memo<Option<u32>>,
) -> impl IntoView {
    let holder = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let more = place.more.read();
        let end = holder
            .get()
            .and_then(|holder| holder.query_selector(&format!("[{MORE}]")).ok().flatten());
        if let Some(end) = end {
            end.set_text_content(Some(&more));
        }
    });
    let shown = move || match place.entry.get() {
        ShownEntry { asks: Some(id), .. } => {
            let here = Memo::new(move |_| last.get() == Some(place.position) && live.working());
            view! { <AskedHere id here /> }.erased()
        }
        // The server's own, made of views.
        ShownEntry { html, .. } => view! { <div node_ref=holder inner_html=html></div> }.erased(),
    };
    view! { <li class="entry">{shown}</li> }.erased()
}
