//! A value as pages show it.

use leptos::prelude::*;

use crate::erase::Erase;

/// Eight dots, whatever the length: the page does not know the value, nor how long it is.
#[component]
pub(crate) fn Mask() -> impl IntoView {
    view! {
        <span class="mask">
            <span aria-hidden="true">"••••••••"</span>
            <span class="visually-hidden">"Value hidden"</span>
        </span>
    }
    .erased()
}
