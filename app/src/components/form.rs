//! What forms have in common: sending, waiting, saying what is wrong.

mod sending;
mod state;

use domain::FieldError;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::web_sys::SubmitEvent;

use crate::erase::{Children, Erase};

pub(crate) use state::FormState;

/// A form. Posts by itself without scripts; with them it stays where it is.
///
/// Autocompletion is off unless asked for: a browser then neither offers old values nor refills them after Back.
#[component]
pub(crate) fn UiForm(
    state: FormState,
    #[prop(optional)] class: &'static str,
    /// For forms that a password manager should know: sign-in, sign-up, change of password.
    #[prop(optional)]
    autocomplete: bool,
    /// The fields whose errors stand beside them; all others are shown at the top.
    #[prop(optional)]
    fields: &'static [&'static str],
    /// The form itself, for whoever has to empty it.
    #[prop(optional)]
    node_ref: NodeRef<Form>,
    /// What a second button asks for, whose `formaction` is that state's path.
    #[prop(optional)]
    second: Option<FormState>,
    children: Children,
) -> impl IntoView {
    let asked_for = move |event: &SubmitEvent| {
        let action = event.submitter().and_then(|button| button.get_attribute("formaction"));
        second
            .filter(|second| action.as_deref() == Some(second.path()))
            .unwrap_or(state)
    };
    view! {
        <form
            node_ref=node_ref
            action=state.path()
            method="post"
            class=class
            autocomplete=if autocomplete { "on" } else { "off" }
            novalidate=true
            on:submit=move |event| asked_for(&event).submit(&event)
            on:input=move |_| second.into_iter().for_each(FormState::forget)
        >
            // Enter presses the first button that sends: without this it would be the second action's.
            {second.map(|_| view! { <button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true"></button> })}
            <FormAlert state fields />
            {children.show()}
        </form>
    }
    .erased()
}

/// What is wrong with the form as a whole. The region is always there, so that screen readers announce what appears.
#[component]
fn FormAlert(state: FormState, fields: &'static [&'static str]) -> impl IntoView {
    let messages = move || {
        let of_form = |error: &&FieldError| !fields.contains(&error.field.as_str());
        state.errors.with(|all| {
            all.iter()
                .filter(of_form)
                .map(|error| error.message.clone())
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="form-alert" role="alert">
            {move || {
                messages()
                    .into_iter()
                    .map(|message| view! { <p class="alert alert--error" tabindex="-1">{message}</p> })
                    .collect_view()
            }}
        </div>
    }
    .erased()
}

/// The button that sends the form. Says that it is waiting, and cannot be pressed twice.
#[component]
pub(crate) fn Submit(
    state: FormState,
    #[prop(into)] label: String,
    #[prop(into)] waiting: String,
    #[prop(default = "button button--primary")] class: &'static str,
) -> impl IntoView {
    let pending = state.pending();
    let text = move || if pending.get() { waiting.clone() } else { label.clone() };
    view! {
        <button type="submit" class=class disabled=move || pending.get()>
            {text}
        </button>
    }
    .erased()
}
