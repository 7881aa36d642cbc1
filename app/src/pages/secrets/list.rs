//! The list of secrets, once it is loaded.

use domain::SecretView;
use leptos::prelude::*;

use super::Listed;
use super::card::SecretCard;
use super::empty::NoSecrets;
use super::finder::{Finder, FinderBar, haystack};
use crate::components::focus::keep_focus_when;
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::error::UiError;

/// Fewer than these are seen at a glance, and a search field would be in the way.
const WORTH_SEARCHING: usize = 6;

/// What is to be shown.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    None,
    Cards,
    Error(UiError),
}

/// The list, or what stands in its place.
///
/// It is made once. When the list is loaded anew only the cards that changed are made again, and what is searched for stays.
#[component]
pub(super) fn SecretsShown(secrets: Listed) -> impl IntoView {
    let finder = Finder::new();
    keep_focus_when(move || secrets.track());
    loaded("Loading your secrets…", move || async move {
        // From here on the list is there, and reading it does not wait.
        let _there = secrets.read_once().await;
        let all = Memo::new(move |_| secrets.now().unwrap_or(Ok(Vec::new())));
        let shape = Memo::new(move |_| match &*all.read() {
            Err(error) => Shape::Error(*error),
            Ok(all) if all.is_empty() => Shape::None,
            Ok(_) => Shape::Cards,
        });
        let shown = move || match shape.get() {
            Shape::None => view! { <NoSecrets /> }.erased(),
            Shape::Cards => view! { <SecretCards all finder /> }.erased(),
            Shape::Error(error) => view! { <Unloadable error /> }.erased(),
        };
        shown.erased()
    })
}

#[component]
fn SecretCards(all: Memo<Result<Vec<SecretView>, UiError>>, finder: Finder) -> impl IntoView {
    let all = Memo::new(move |_| all.read().as_ref().cloned().unwrap_or_default());
    let haystacks = Memo::new(move |_| all.read().iter().map(haystack).collect::<Vec<_>>());
    let found = Memo::new(move |_| {
        haystacks
            .read()
            .iter()
            .filter(|haystack| finder.finds(haystack))
            .count()
    });
    let in_words = Signal::derive(move || match (finder.is_searching(), found.get()) {
        (false, _) => String::new(),
        (true, 0) => "Nothing is called or described like that.".to_owned(),
        (true, found) => format!("{found} of {}", all.read().len()),
    });
    let has_bar = Memo::new(move |_| all.read().len() >= WORTH_SEARCHING || finder.is_searching());
    let bar = move || has_bar.get().then(|| view! { <FinderBar finder found=in_words /> });
    view! {
        {bar}
        <ul class="cards" aria-label="Your secrets">
            <For
                each=move || finder.sorted(all.get())
                // A change makes the card anew.
                key=|secret: &SecretView| (secret.etag.clone(), secret.last_used_at)
                children=move |secret| view! { <SecretCard secret finder /> }
            />
        </ul>
    }
    .erased()
}
