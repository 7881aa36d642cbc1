//! One record.

use domain::{ActivityKind, ActivityView};
use leptos::prelude::*;

use super::words::{in_words, is_refusal};
use crate::components::time::Time;
use crate::erase::Erase;

/// Names that stand there at once; the others are a click away.
const NAMES_SHOWN: usize = 6;

#[component]
pub(super) fn Record(record: ActivityView) -> impl IntoView {
    let class = if is_refusal(record.kind) {
        "badge badge--strong"
    } else {
        "badge"
    };
    // A sandbox that acts is known by what it was called when it was opened.
    let acts = matches!(
        record.kind,
        ActivityKind::EnvFetched | ActivityKind::EnvRefused | ActivityKind::RequestMade
    );
    let label = record.sandbox_label;
    let who = label.clone().filter(|_| acts).unwrap_or(record.actor);
    let concerned = label.filter(|_| !acts).map(|label| format!(" “{label}”"));
    let sandbox = record
        .sandbox_id
        .map(|id| view! { " · sandbox" {concerned} " " <code>{short(&id).to_owned()}</code> });
    let address = record.address.map(|address| format!(" · from {address}"));
    let detail = record.detail.map(|detail| format!(" · {detail}"));
    view! {
        <li class="row record">
            <div class="row__text">
                <p class="row__title">
                    <span class=class title=record.kind.as_str()>
                        {in_words(record.kind)}
                    </span>
                    " "
                    <span class="record__who">{who}</span>
                </p>
                <Names names=record.names />
                <p class="row__facts">
                    <Time at=record.at minutes=true />
                    {sandbox}
                    {address}
                    {detail}
                </p>
            </div>
        </li>
    }
    .erased()
}

/// Each leads to its own records.
#[component]
fn Names(names: Vec<String>) -> impl IntoView {
    let more = names.len().saturating_sub(NAMES_SHOWN);
    let mut links = names.into_iter().map(|name| {
        view! {
            <li>
                <a class="record__name" href=format!("/activity?name={name}")>
                    {name.clone()}
                </a>
            </li>
        }
    });
    let first = links.by_ref().take(NAMES_SHOWN).collect_view();
    if first.is_empty() {
        return ().erased();
    }
    let rest = (more > 0).then(|| {
        view! {
            <details class="more">
                <summary>{format!("and {more} more")}</summary>
                <ul class="record__names">{links.collect_view()}</ul>
            </details>
        }
    });
    view! {
        <ul class="record__names">{first}</ul>
        {rest}
    }
    .erased()
}

/// The end of an id, which is random: its beginning is the time, and alike for neighbours.
fn short(id: &str) -> &str {
    id.rsplit('-').next().unwrap_or(id)
}
