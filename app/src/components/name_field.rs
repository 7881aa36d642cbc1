//! The name of a secret, turned into a valid one as it is typed.

use domain::{NameError, SecretName, normalise, normalise_as_typed};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlInputElement, InputEvent};

use super::field::{Label, Note, described_by};
use super::form::FormState;
use crate::erase::Erase;

const FIELD: &str = "name";

/// The field `name`. What the rule still refuses, and a name that is taken, is said at once, by the code that the
/// server decides with.
#[component]
pub(crate) fn NameField(
    state: FormState,
    /// What stands in it, for whoever reads it besides.
    typed: RwSignal<String>,
    /// The names that exist.
    #[prop(into)]
    taken: Signal<Vec<SecretName>>,
) -> impl IntoView {
    let refused = state.error(FIELD);
    let error = Signal::derive(move || {
        refused
            .get()
            .or_else(|| typed.with(|name| complaint(name, &taken.read())))
    });
    let on_input = move |event: Event| {
        state.clear(FIELD);
        if let Some(name) = show_as_name(&event) {
            typed.set(name);
        }
    };
    view! {
        <div class="field">
            <Label name=FIELD label="Name" />
            <input
                id=FIELD
                name=FIELD
                class="input input--mono"
                type="text"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                data-1p-ignore="true"
                data-lpignore="true"
                data-bwignore="true"
                data-form-type="other"
                placeholder="SERVICE_API_KEY"
                value=state.kept(FIELD)
                autofocus=true
                aria-required="true"
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described_by(FIELD)
                on:input=on_input
                on:change=move |event: Event| typed.set(normalise(&event_target_value(&event)))
            />
            <Note
                name=FIELD
                hint="Becomes the environment variable. Small letters, spaces and hyphens turn into a valid name."
                error
            />
        </div>
    }
    .erased()
}

/// Puts a name into the field, as if it had been typed.
pub(crate) fn write_name(typed: RwSignal<String>, name: &str) {
    let field = document().get_element_by_id(FIELD);
    if let Some(input) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        input.set_value(name);
        typed.set(name.to_owned());
    }
}

/// What is wrong with a name so far. Nothing yet with one that is not begun.
fn complaint(name: &str, taken: &[SecretName]) -> Option<String> {
    match SecretName::parse(name) {
        Err(NameError::Empty) => None,
        Err(error) => Some(error.to_string()),
        Ok(name) if taken.contains(&name) => Some(format!(
            "You already have a secret named {name}. Edit that one, or choose another name."
        )),
        Ok(_) => None,
    }
}

/// Shows what was typed as a name, the cursor where it was. `None` while an input method is still composing: to write
/// into the field then would break it.
fn show_as_name(event: &Event) -> Option<String> {
    let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let keyboard = event.dyn_ref::<InputEvent>();
    if keyboard.is_some_and(InputEvent::is_composing) {
        return None;
    }
    let raw = input.value();
    // What is pasted is whole; what is typed may go on after a blank.
    let pasted = keyboard.is_some_and(|event| event.input_type() != "insertText");
    let name = if pasted {
        normalise(&raw)
    } else {
        normalise_as_typed(&raw)
    };
    if name != raw {
        let cursor = input.selection_start().ok().flatten();
        input.set_value(&name);
        if let Some(cursor) = cursor {
            // Fails only for kinds of field that have no cursor.
            let _ = input.set_selection_range(cursor, cursor);
        }
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn a_name_that_is_not_begun_is_not_scolded() {
        assert_eq!(complaint("", &[]), None);
    }

    #[test]
    fn a_taken_name_is_said_before_saving() {
        let taken = [SecretName::parse("OPENAI_API_KEY").unwrap()];
        assert!(complaint("OPENAI_API_KEY", &taken).unwrap().contains("already"));
        assert_eq!(complaint("OPENAI_API_KEYS", &taken), None);
    }

    #[test]
    fn what_the_rule_refuses_is_said() {
        assert!(complaint("2FA", &[]).is_some());
        assert!(complaint("PATH", &[]).is_some());
    }
}
