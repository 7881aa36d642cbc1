//! What the pages for visitors have in common.

use leptos::prelude::*;

use crate::api::entrance::Entrance;
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::components::wordmark::Wordmark;
use crate::erase::{Children, Erase, Erased};
use crate::source::Source;

/// A narrow page with the wordmark over one form.
#[component]
pub(crate) fn Door(
    title: &'static str,
    /// For more than a line or two to fill in.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let card = if wide {
        "door__card door__card--wide"
    } else {
        "door__card"
    };
    view! {
        <main class="door" id="main">
            <div class="door__mark">
                <Wordmark />
            </div>
            <section class=card>
                <h1>{title}</h1>
                {children.show()}
            </section>
        </main>
    }
    .erased()
}

/// Shows what depends on how the doors stand, once that is known.
#[component]
pub(crate) fn AtTheDoor(entrance: Source<Entrance>, show: fn(Entrance) -> Erased) -> impl IntoView {
    loaded("", move || async move {
        match entrance.read().await {
            Ok(entrance) => show(entrance),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    })
}
