//! Lists of things with one action each.

use leptos::prelude::*;

use crate::erase::{Children, Erase, Erased};

/// One entry of a list: what it is, facts about it, what can be done with it.
#[component]
pub(crate) fn Row(
    title: Erased,
    facts: Erased,
    action: Erased,
    /// One more line.
    #[prop(optional)]
    more: Option<Erased>,
) -> impl IntoView {
    view! {
        <li class="row">
            <div class="row__text">
                <p class="row__title">{title}</p>
                <p class="row__facts">{facts}</p>
                {more}
            </div>
            <div class="row__action">{action}</div>
        </li>
    }
    .erased()
}

/// An action that asks once more. A disclosure, so that it needs no script.
#[component]
pub(crate) fn Confirm(
    /// On the closed disclosure.
    label: &'static str,
    /// For screen readers: what it is about.
    #[prop(into)]
    about: String,
    /// What will happen.
    warning: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="confirm">
            <summary class="button button--small">
                {label} <span class="visually-hidden">" " {about}</span>
            </summary>
            <div class="confirm__body">
                <p>{warning}</p>
                {children.show()}
            </div>
        </details>
    }
    .erased()
}
