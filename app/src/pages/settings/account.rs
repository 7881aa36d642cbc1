//! The account and its password.

use leptos::html::Form;
use leptos::prelude::*;

use super::{Lists, Section};
use crate::api::account::{AccountView, ChangePassword};
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::pages::frame::Account;

#[component]
pub(super) fn AccountSection() -> impl IntoView {
    let Account(account) = expect_context();
    let shown = loaded("", move || async move {
        // Where it fails, the frame says so.
        account
            .read()
            .await
            .ok()
            .map(|account| view! { <PasswordForm account /> })
            .erased()
    });
    view! {
        <Section id="account" title="Account" lead="How you sign in.">
            {shown}
        </Section>
    }
    .erased()
}

#[component]
fn PasswordForm(account: AccountView) -> impl IntoView {
    let Lists { sessions, .. } = expect_context();
    let inside = NodeRef::new();
    let state = FormState::new::<ChangePassword, _>(move |()| {
        empty(inside);
        sessions.refetch();
    });
    let role = if account.owner {
        "Owner of this server"
    } else {
        "Member"
    };
    view! {
        <dl class="facts facts--wide">
            <div class="facts__item">
                <dt>"Login name"</dt>
                <dd>{account.login.clone()}</dd>
            </div>
            <div class="facts__item">
                <dt>"Role"</dt>
                <dd>{role}</dd>
            </div>
        </dl>
        <details class="more" open=state.has_errors()>
            <summary>"Change password"</summary>
            <UiForm
                state
                node_ref=inside
                autocomplete=true
                class="form form--narrow"
                fields=&["current_password", "new_password"]
            >
                // So that a password manager knows whose password it is.
                <input
                    class="visually-hidden"
                    type="text"
                    name="username"
                    autocomplete="username"
                    value=account.login
                    readonly
                    tabindex="-1"
                    aria-hidden="true"
                />
                <TextField state name="current_password" label="Current password" typing=Typing::PASSWORD />
                <TextField
                    state
                    name="new_password"
                    label="New password"
                    typing=Typing::NEW_PASSWORD
                    hint="At least 12 characters. Every other browser is signed out."
                />
                <div class="form__foot">
                    <Submit state label="Change password" waiting="Changing…" />
                </div>
            </UiForm>
        </details>
    }
    .erased()
}

/// Takes the passwords out of the page once they are of no more use.
fn empty(form: NodeRef<Form>) {
    if let Some(form) = form.try_get_untracked().flatten() {
        form.reset();
    }
}
