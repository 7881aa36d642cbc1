//! The description of a secret, asked for in words that an agent can use.

use leptos::prelude::*;

use crate::components::field::{TextField, Typing};
use crate::components::form::FormState;
use crate::erase::Erase;

/// The field `description`, on one line; programs may store several.
#[component]
pub(in crate::pages) fn DescriptionField(state: FormState, #[prop(optional, into)] initial: String) -> impl IntoView {
    view! {
        <TextField
            state
            name="description"
            label="Description"
            typing=Typing::TEXT
            optional=true
            initial=initial.replace('\n', " ")
            hint="What it opens and when to use it. Agents read this to pick the right secret."
            placeholder="Read-only key for search on X"
        />
    }
    .erased()
}
