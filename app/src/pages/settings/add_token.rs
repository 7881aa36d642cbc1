//! Making an API token.

use domain::{Scope, Scopes};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{Lists, SETTINGS};
use crate::api::tokens::CreateToken;
use crate::components::copy::CopyButton;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::field::{Label, Note, TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::erase::Erase;
use crate::reply::NewToken;

/// Days that a token can work, and how to say it. 0 is for ever.
const LIFETIMES: [(&str, &str); 4] = [
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "One year"),
    ("0", "Until you revoke it"),
];

#[component]
pub(crate) fn AddToken() -> impl IntoView {
    let Lists { tokens, .. } = expect_context();
    let made = RwSignal::new(None::<NewToken>);
    let state = FormState::new::<CreateToken, _>(move |token: NewToken| {
        made.try_set(Some(token));
        tokens.refetch();
    });
    // Without scripts, the server remembered it for this page.
    made.set(state.token());
    let content = move || match made.get() {
        Some(token) => view! { <ShownOnce token /> }.erased(),
        None => view! { <TokenForm state /> }.erased(),
    };
    view! {
        <Title text="New API token · Strongroom" />
        <Dialog title="New API token" back=SETTINGS>
            {content}
        </Dialog>
    }
    .erased()
}

#[component]
fn TokenForm(state: FormState) -> impl IntoView {
    // The preset is what an agent needs.
    let ticked = state.kept("scopes").map_or(Scopes::FOR_AGENTS, |kept| {
        kept.split(' ')
            .filter_map(|scope| scope.parse::<Scope>().ok())
            .collect()
    });
    let chosen = state.kept("days").unwrap_or_else(|| "90".to_owned());
    let lifetimes = LIFETIMES.map(|(days, words)| {
        view! {
            <option value=days selected=days == chosen>
                {words}
            </option>
        }
    });
    view! {
        <UiForm state class="form" fields=&["label", "scopes", "names", "password"]>
            <TextField
                state
                name="label"
                label="Name"
                typing=Typing::TEXT
                hint="After what will use it, such as “laptop” or “ci”."
                autofocus=true
            />
            <fieldset class="fieldset" aria-describedby="scopes-hint scopes-error">
                <legend class="label">"What may it do?"</legend>
                {Scope::ALL.map(|scope| view! { <ScopeBox scope ticked=ticked.contains(scope) /> }).collect_view()}
                <Note
                    name="scopes"
                    hint="An agent needs the first two, and reaches no value with them."
                    error=state.error("scopes")
                />
            </fieldset>
            <div class="if-sandboxes">
                <TextField
                    state
                    name="names"
                    label="Only these secrets"
                    typing=Typing::TEXT
                    optional=true
                    placeholder="X_BEARER_TOKEN GITHUB_TOKEN"
                    hint="What its sandboxes get, and no more. They may name secrets that you add later. Empty: all of your secrets."
                />
            </div>
            <div class="field">
                <Label name="days" label="Works for" />
                <select class="input" id="days" name="days">
                    {lifetimes}
                </select>
            </div>
            <div class="if-powerful">
                <TextField
                    state
                    name="password"
                    label="Your password"
                    typing=Typing::PASSWORD
                    hint="Asked again, because this token can reach or replace values."
                />
            </div>
            <div class="dialog__foot">
                <Cancel back=SETTINGS />
                <Submit state label="Make token" waiting="Making it…" />
            </div>
        </UiForm>
    }
    .erased()
}

#[component]
fn ScopeBox(scope: Scope, ticked: bool) -> impl IntoView {
    let name = scope.as_str().replace(':', "_");
    let class = match scope {
        Scope::SandboxesWrite => "choice choice--powerful choice--sandboxes",
        scope if scope.is_powerful() => "choice choice--powerful",
        _ => "choice",
    };
    view! {
        <label class=class>
            <input type="checkbox" name=name value="true" checked=ticked />
            <span>
                <code>{scope.as_str()}</code>
                <span class="choice__words">{scope.plain_words()}</span>
            </span>
        </label>
    }
    .erased()
}

#[component]
pub(super) fn ShownOnce(
    token: NewToken,
    /// What it is, in words.
    #[prop(default = "token")]
    kind: &'static str,
) -> impl IntoView {
    view! {
        <div role="status">
            <p>
                "This is the " {kind} " " <strong>{token.label}</strong>
                ". Copy it now: it is shown this once, and cannot be shown again."
            </p>
        </div>
        <div class="once">
            <code class="once__token" id="new-token">
                {token.token.clone()}
            </code>
            <CopyButton text=token.token />
        </div>
        <div class="dialog__foot">
            <Cancel back=SETTINGS label="Done" />
        </div>
    }
    .erased()
}
