//! Going to another page while one is being shown, and what to show when there is nothing to show.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use crate::erase::Erase;
use crate::error::UiError;
use crate::next::sign_in_before;

/// Sends the reader to another page: by a redirect while the server renders, by navigation in the browser. The page
/// left behind does not stay in the history.
#[component]
pub(crate) fn Leave(#[prop(into)] to: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::see_other(&to);
    // On the server an effect does not run.
    let go = go();
    Effect::new(move |_| go(&to));
}

/// A function that navigates in the browser and replaces the page in the history. To be made in the component that it
/// leads away from: once the reader has left that by themselves, it does nothing.
pub(crate) fn go() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    let here = StoredValue::new(());
    move |path: &str| {
        if !here.is_disposed() {
            navigate(
                path,
                NavigateOptions {
                    replace: true,
                    ..NavigateOptions::default()
                },
            );
        }
    }
}

/// In the place of what could not be loaded.
#[component]
pub(crate) fn Unloadable(error: UiError) -> impl IntoView {
    if error == UiError::SignedOut {
        let here = use_location().pathname.get_untracked();
        return view! { <Leave to=sign_in_before(&here) /> }.erased();
    }
    view! {
        <div class="alert alert--error" role="alert">
            <p>{error.to_string()}</p>
        </div>
    }
    .erased()
}
