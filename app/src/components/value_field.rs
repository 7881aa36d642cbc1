//! Where a value is typed: the one place in the pages that ever holds one.

use domain::{MAX_VALUE_BYTES, RawValue, ValueError};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, InputEvent};

use super::doctor::{Doctor, Findings};
use super::field::described_by;
use super::form::FormState;
use super::masked::MaskedHead;
use crate::erase::Erase;

/// The field of a value, called `value` where there is one.
///
/// A text area, since keys may have several lines, masked by the style sheet until the eye is pressed. The area has no
/// content and no initial value, ever. The attributes keep browsers, password managers and spell checkers (which send
/// text to their makers) from filling it, saving it or reading it.
#[component]
pub(crate) fn ValueField(
    state: FormState,
    #[prop(default = "value")] name: &'static str,
    label: &'static str,
    hint: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional)] autofocus: bool,
    /// To empty the field once its value is saved.
    node_ref: NodeRef<Textarea>,
    /// What looks at what is pasted.
    doctor: Doctor,
) -> impl IntoView {
    let size = RwSignal::new(Size::default());
    doctor.attend(node_ref, move |value| size.set(Size::of(value)));
    let refused = state.error(name);
    let error = Signal::derive(move || refused.get().or_else(|| size.get().complaint()));
    view! {
        <div class="field value">
            <MaskedHead of=name label eye="Show the value while typing" />
            <textarea
                node_ref=node_ref
                id=name
                name=name
                class="input input--mono value__input"
                rows="3"
                wrap="soft"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                translate="no"
                autofocus=autofocus
                data-1p-ignore="true"
                data-lpignore="true"
                data-bwignore="true"
                data-form-type="other"
                data-gramm="false"
                aria-required=(!optional).then_some("true")
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described_by(name)
                on:input=move |event| {
                    state.clear(name);
                    let value = RawValue::new(event_target_value(&event));
                    size.set(Size::of(&value));
                    doctor.look(&value, was_pasted(&event));
                }
            ></textarea>
            <div class="note value__note">
                <div>
                    <p class="note__hint" id=format!("{name}-hint") hidden=move || error.get().is_some()>
                        {hint}
                    </p>
                    <p class="note__error" id=format!("{name}-error") aria-live="polite">
                        {move || error.get()}
                    </p>
                </div>
                <p class="value__count">{move || size.get().to_string()}</p>
            </div>
            <Findings doctor />
        </div>
    }
    .erased()
}

/// Whether a text came in whole, rather than key by key.
fn was_pasted(event: &Event) -> bool {
    let kind = event.dyn_ref::<InputEvent>().map(InputEvent::input_type);
    kind.is_none_or(|kind| matches!(kind.as_str(), "insertFromPaste" | "insertFromDrop" | ""))
}

/// How much has been typed: all that the page remembers of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    bytes: usize,
    lines: usize,
}

impl Size {
    fn of(value: &RawValue) -> Self {
        // Exposed to count: nothing of it is kept. The browser gives line breaks as LF here, as they will be stored.
        let text = value.expose();
        Self {
            bytes: text.len(),
            lines: text.split('\n').count(),
        }
    }

    fn complaint(self) -> Option<String> {
        (self.bytes > MAX_VALUE_BYTES).then(|| ValueError::TooLong { len: self.bytes }.to_string())
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self { bytes: 0, .. } => Ok(()),
            Self { bytes: 1, .. } => f.write_str("1 byte"),
            Self { bytes, lines: 1 } => write!(f, "{bytes} bytes"),
            Self { bytes, lines } => write!(f, "{bytes} bytes, {lines} lines"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> Size {
        Size::of(&RawValue::new(text.to_owned()))
    }

    #[test]
    fn bytes_and_lines_are_counted_as_they_will_be_stored() {
        assert_eq!(size("").to_string(), "");
        assert_eq!(size("x").to_string(), "1 byte");
        assert_eq!(size("é€").to_string(), "5 bytes");
        assert_eq!(size("a\nb\n").to_string(), "4 bytes, 3 lines");
    }

    #[test]
    fn a_value_too_long_is_said_while_typing() {
        assert_eq!(size(&"x".repeat(MAX_VALUE_BYTES)).complaint(), None);
        assert!(size(&"x".repeat(MAX_VALUE_BYTES + 1)).complaint().is_some());
    }
}
