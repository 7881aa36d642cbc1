//! Browsers that are signed in.

use domain::SessionView;
use leptos::prelude::*;

use super::browser::describe;
use super::{Lists, Loaded, Section};
use crate::api::sessions::EndSession;
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::row::Row;
use crate::components::time::Time;
use crate::erase::Erase;

#[component]
pub(super) fn SessionsSection() -> impl IntoView {
    let Lists { sessions, .. } = expect_context();
    view! {
        <Section
            id="sessions"
            title="Browsers"
            lead="Where you are signed in. A browser is signed out after a day without use, and after two weeks in any case."
        >
            <Loaded list=sessions none="None." row=|session| view! { <SessionRow session /> }.erased() />
        </Section>
    }
    .erased()
}

#[component]
fn SessionRow(session: SessionView) -> impl IntoView {
    let Lists { sessions, .. } = expect_context();
    let state = FormState::new::<EndSession, _>(move |()| {
        sessions.refetch();
    });
    let browser = describe(session.user_agent.as_deref().unwrap_or_default());
    let title = view! {
        <span title=session.user_agent>{browser.clone()}</span>
        {session.current.then(|| view! { " "<span class="badge badge--here">"This browser"</span> })}
    }
    .erased();
    let facts = view! {
        {session.address.map(|address| format!("{address} · "))}
        "Signed in "
        <Time at=session.created_at />
        " · Last seen "
        <Time at=session.last_seen_at minutes=true />
    }
    .erased();
    // This browser's way out is in the account menu.
    let end = (!session.current).then(|| {
        view! {
            <UiForm state>
                <input type="hidden" name="id" value=session.id />
                <Submit state label="Sign out" waiting="Signing out…" class="button button--small" />
            </UiForm>
        }
    });
    view! { <Row title facts action=end.erased() /> }.erased()
}
