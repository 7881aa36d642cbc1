//! What became of what the agent asked for: a quiet line.

use domain::chat::AskedInChat;
use domain::{Outcome, RequestStatus, SecretName};
use leptos::prelude::*;

use super::named;
use crate::erase::{Erase, Erased};
use crate::next::HOME;

pub(super) fn of(asked: AskedInChat, gone: &[SecretName]) -> Erased {
    let AskedInChat {
        names, status, request, ..
    } = asked;
    let Some(request) = request.filter(|_| status == RequestStatus::Stored) else {
        let words = match status {
            RequestStatus::Stored => " answered",
            RequestStatus::Skipped => " skipped",
            RequestStatus::Expired => " not answered in time",
            RequestStatus::Cancelled | RequestStatus::Pending => " no longer asked for",
        };
        return view! { <p class="aside">{named(names, gone)} {words}</p> }.erased();
    };
    let lines = request.secrets.into_iter().map(move |secret| {
        let (became, available) = match secret.outcome {
            Some(Outcome::Stored) => (" saved", true),
            Some(Outcome::Kept) => (" kept as it is", true),
            Some(Outcome::Skipped) | None => (" skipped", false),
        };
        let available = available && !gone.contains(&secret.name);
        let more = available.then_some(" · available to this agent as an environment variable");
        view! {
            <p class="aside aside--outcome">
                {named(vec![secret.name], gone)} {became} {more} " · " <a href=HOME>"Secrets"</a>
            </p>
        }
    });
    lines.collect_view().erased()
}
