//! What the agent asked for: the secure field while it waits, a quiet line afterwards.

use domain::chat::AskedInChat;
use domain::{Outcome, RequestStatus};
use leptos::prelude::*;

use super::entry::{Gone, named};
use crate::erase::{Erase, Erased};
use crate::next::HOME;
use crate::pages::request::Answer;
use crate::pieces::Part;

#[component]
pub(super) fn AskedHere(
    asked: AskedInChat,
    /// Whether it is answered here, and not on its own page.
    here: Memo<bool>,
    gone: Gone,
) -> impl IntoView {
    if asked.status != RequestStatus::Pending {
        return ended(asked, gone);
    }
    let id = asked.id;
    let shown = move || {
        let id = id.clone();
        if here.get() {
            provide_context(Waiting(id));
            Part::AnswerInChat.view()
        } else {
            view! {
                <p class="aside">
                    "The agent asked for a secret. " <a href=format!("/r/{id}")>"Answer on its own page"</a>
                </p>
            }
            .erased()
        }
    };
    view! { <section class="asked-here" aria-label="Secure field">{shown}</section> }.erased()
}

/// The context that says which request is answered.
#[derive(Clone)]
struct Waiting(String);

/// The secure field within a chat, which a chat without one does not load.
#[component]
pub(crate) fn AnswerInChat() -> impl IntoView {
    let Waiting(id) = expect_context();
    let id = Memo::new(move |_| id.clone());
    view! { <Answer id /> }.erased()
}

fn ended(asked: AskedInChat, gone: Gone) -> Erased {
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
        let available = available && gone.with_value(|gone| !gone.contains(&secret.name));
        let more = available.then_some(" · available to this agent as an environment variable");
        view! {
            <p class="aside aside--outcome">
                {named(vec![secret.name], gone)} {became} {more} " · " <a href=HOME>"Secrets"</a>
            </p>
        }
    });
    lines.collect_view().erased()
}
