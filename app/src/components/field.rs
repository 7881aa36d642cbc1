//! One line of text with its label, its hint, and what is wrong with it.

use leptos::prelude::*;

use super::form::FormState;
use crate::erase::Erase;

/// How a line of text is typed and remembered by the browser.
#[derive(Clone, Copy)]
pub(crate) struct Typing {
    kind: &'static str,
    autocomplete: &'static str,
}

impl Typing {
    /// A login name.
    pub(crate) const LOGIN: Self = Self {
        kind: "text",
        autocomplete: "username",
    };
    /// The password of an account that exists.
    pub(crate) const PASSWORD: Self = Self {
        kind: "password",
        autocomplete: "current-password",
    };
    /// A password that is being chosen.
    pub(crate) const NEW_PASSWORD: Self = Self {
        kind: "password",
        autocomplete: "new-password",
    };
    /// Any other text: not remembered.
    pub(crate) const TEXT: Self = Self {
        kind: "text",
        autocomplete: "off",
    };

    fn is_password(self) -> bool {
        self.kind == "password"
    }
}

/// A labelled line of text. The id is the name, unless the page has several fields of one name.
#[component]
pub(crate) fn TextField(
    state: FormState,
    name: &'static str,
    label: &'static str,
    typing: Typing,
    /// Said under the field, until something is wrong.
    #[prop(optional, into)]
    hint: String,
    /// What stands in it to begin with. What the server remembered comes first; a password is never filled in.
    #[prop(optional, into)]
    initial: String,
    #[prop(optional)] optional: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional, into)] id: String,
) -> impl IntoView {
    let id = if id.is_empty() { name.to_owned() } else { id };
    let text = if typing.is_password() {
        None
    } else {
        state.kept(name).or(Some(initial))
    };
    let error = state.error(name);
    view! {
        <div class="field">
            <Label name=id.clone() label optional />
            <input
                id=id.clone()
                name=name
                class="input"
                type=typing.kind
                autocomplete=typing.autocomplete
                autocapitalize="off"
                spellcheck="false"
                value=text.filter(|text| !text.is_empty())
                placeholder=Some(placeholder).filter(|text| !text.is_empty())
                autofocus=autofocus
                aria-required=(!optional).then_some("true")
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described_by(&id)
                on:input=move |_| state.clear(name)
            />
            <Note name=id hint error />
        </div>
    }
    .erased()
}

/// The label of the field of that id.
#[component]
pub(crate) fn Label(
    #[prop(into)] name: String,
    label: &'static str,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    view! {
        <label class="label" for=name>
            {label}
            {optional.then(|| view! { <span class="label__optional">" (optional)"</span> })}
        </label>
    }
    .erased()
}

/// What stands under a field: its hint, or what is wrong. One takes the other's place, so that nothing jumps; both are
/// read out with the field, and an error when it appears.
#[component]
pub(crate) fn Note(
    #[prop(into)] name: String,
    #[prop(optional, into)] hint: String,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="note">
            <p class="note__hint" id=format!("{name}-hint") hidden=move || error.get().is_some()>
                {hint}
            </p>
            <p class="note__error" id=format!("{name}-error") aria-live="polite">
                {move || error.get()}
            </p>
        </div>
    }
    .erased()
}

/// The `aria-describedby` of a field with a [`Note`].
pub(crate) fn described_by(name: &str) -> String {
    format!("{name}-hint {name}-error")
}
