//! What agents ask for and waits for an answer, above the list.

use domain::RequestView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::requests::{ListWaiting, list_waiting};
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::source::Source;

/// Nothing where nothing waits, or where it cannot be told: the list below says what is wrong then.
#[component]
pub(super) fn Waiting() -> impl IntoView {
    let waiting = Source::new(ListWaiting::PATH, list_waiting);
    loaded("", move || async move {
        let requests = waiting.read().await.unwrap_or_default();
        if requests.is_empty() {
            return ().erased();
        }
        view! {
            <section class="waiting" aria-labelledby="waiting">
                <h2 class="waiting__head" id="waiting">
                    "Waiting for you"
                </h2>
                <ul class="waiting__list">
                    {requests.into_iter().map(|request| view! { <Item request /> }).collect_view()}
                </ul>
            </section>
        }
        .erased()
    })
}

#[component]
fn Item(request: RequestView) -> impl IntoView {
    let names: Vec<_> = request.secrets.iter().map(|secret| secret.name.as_str()).collect();
    view! {
        <li class="waiting__item">
            <span>{request.asked_by} " asks for " <code>{names.join(", ")}</code></span>
            <a class="button button--small" href=format!("/r/{}", request.id)>
                "Answer"
            </a>
        </li>
    }
    .erased()
}
