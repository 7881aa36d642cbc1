//! The mark: the eight dots that stand for a value, as the dial of a safe.

use leptos::prelude::*;

use crate::erase::Erase;

/// Centres of the eight dots on a circle of radius 7 around 16,16. The first is the dial's marker.
const DOTS: [(&str, &str); 8] = [
    ("16", "9"),
    ("20.95", "11.05"),
    ("23", "16"),
    ("20.95", "20.95"),
    ("16", "23"),
    ("11.05", "20.95"),
    ("9", "16"),
    ("11.05", "11.05"),
];

/// The mark and the name. The name is text, so it is selected, searched and read aloud like any other.
#[component]
pub(crate) fn Wordmark() -> impl IntoView {
    view! {
        <span class="wordmark">
            <svg class="wordmark__mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
                <rect class="wordmark__door" width="32" height="32" rx="8" />
                {DOTS
                    .into_iter()
                    .map(|(x, y)| view! { <circle class="wordmark__dot" cx=x cy=y r="1.9" /> })
                    .collect_view()}
            </svg>
            <span class="wordmark__name">"Strongroom"</span>
        </span>
    }
    .erased()
}
