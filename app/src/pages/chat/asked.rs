//! What the agent asks for: the secure field while it waits.

use leptos::prelude::*;

use crate::erase::Erase;
use crate::pages::request::Answer;
use crate::pieces::Part;

#[component]
pub(super) fn AskedHere(
    /// The request.
    id: String,
    /// Whether it is answered here, and not on its own page.
    here: Memo<bool>,
) -> impl IntoView {
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
