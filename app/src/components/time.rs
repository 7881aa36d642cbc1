//! A moment.

use domain::Timestamp;
use leptos::prelude::*;

/// A moment as its day in UTC, with the exact time on hover. The same text on the server and in the browser, whatever
/// zone either is in, so that hydration finds what it expects.
#[component]
pub(crate) fn Time(at: Timestamp) -> impl IntoView {
    let exact = at.to_rfc3339();
    view! { <time datetime=exact.clone() title=exact>{at.date()}</time> }.into_any()
}
