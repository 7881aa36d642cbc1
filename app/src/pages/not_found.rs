//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use super::door::Door;
use crate::erase::Erase;

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    view! {
        <Title text="Not found · Strongroom" />
        <Door title="There is nothing here">
            <p>"The address may be mistyped, or what it led to is gone."</p>
            <p>
                <a class="button button--primary" href="/secrets">
                    "Go to your secrets"
                </a>
            </p>
        </Door>
    }
    .erased()
}
