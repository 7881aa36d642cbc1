//! What became of a request, as a quiet line a name.

use domain::{AskedView, Outcome, RequestStatus, RequestView};
use leptos::prelude::*;

use crate::erase::Erase;

#[component]
pub(super) fn Ended(request: RequestView) -> impl IntoView {
    let words = match request.status {
        RequestStatus::Stored => "You answered this request.",
        RequestStatus::Skipped => "You skipped this request. Nothing was stored.",
        RequestStatus::Expired => "Nobody answered in time, so the request has expired. Whoever asked can ask again.",
        RequestStatus::Cancelled => "Whoever asked took the request back. Nothing was stored.",
        RequestStatus::Pending => "",
    };
    let lines = request.secrets.iter().filter_map(line).collect::<Vec<_>>();
    let lines = (!lines.is_empty()).then(|| {
        let each = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! { <ul class="outcomes">{each}</ul> }
    });
    view! {
        <div role="status">
            <p>{words}</p>
            {lines}
        </div>
        <p>
            <a class="button" href="/secrets">
                "Go to your secrets"
            </a>
        </p>
    }
    .erased()
}

fn line(secret: &AskedView) -> Option<impl IntoView + use<>> {
    let (became, more) = match secret.outcome? {
        Outcome::Stored => (" saved", " · available to this agent as an environment variable"),
        Outcome::Kept => (
            " kept as it is",
            " · available to this agent as an environment variable",
        ),
        Outcome::Skipped => (" skipped", ""),
    };
    let name = secret.name.to_string();
    Some(view! {
        <code>{name}</code>
        {became}
        <span class="outcomes__more">{more}</span>
    })
}
