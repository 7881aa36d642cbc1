//! Where one writes.

use leptos::ev::KeyboardEvent;
use leptos::html::Textarea;
use leptos::prelude::*;

use super::guard::{Alarm, Guard};
use super::guarded::Guarded;
use crate::components::form::{FormState, UiForm};
use crate::erase::Erase;

/// Where a message goes.
pub(super) enum Sending {
    /// It begins a chat.
    First,
    /// Into the chat of that id.
    To(String),
}

/// The message box.
#[component]
pub(super) fn Composer(state: FormState, sending: Sending) -> impl IntoView {
    let area = NodeRef::<Textarea>::new();
    let guard = Guard::new(area);
    let pending = state.pending();
    // What was sent is taken out of the box once the server has it.
    Effect::new(move |was: Option<bool>| {
        let is = pending.get();
        if was == Some(true)
            && !is
            && !state.has_errors()
            && let Some(area) = area.get_untracked()
        {
            area.set_value("");
        }
        is
    });
    let id = match sending {
        Sending::First => None,
        Sending::To(id) => Some(view! { <input type="hidden" name="id" value=id /> }),
    };
    view! {
        <div class="composer">
            <Guarded guard />
            // Before the form hears of it, which sends.
            <div on:submit:capture=move |event| guard.stop(&event)>
            <UiForm state class="composer__form">
                {id}
                <label class="visually-hidden" for="message">
                    "Message"
                </label>
                <textarea
                    node_ref=area
                    id="message"
                    name="message"
                    class="input composer__text"
                    rows="2"
                    placeholder="Message"
                    autocomplete="off"
                    aria-describedby="message-hint"
                    on:keydown=send_on_enter
                    on:focus=move |_| guard.get_ready()
                    on:input=move |_| guard.look()
                ></textarea>
                <Alarm guard />
                <div class="composer__foot">
                    <p class="composer__hint" id="message-hint">
                        "No keys here: the agent asks for them in a secure field. Shift + Enter: new line."
                    </p>
                    <button
                        type="submit"
                        class="button button--primary"
                        disabled=move || pending.get()
                    >
                        {move || if pending.get() { "Sending…" } else { "Send" }}
                    </button>
                </div>
            </UiForm>
            </div>
        </div>
    }
    .erased()
}

/// Enter sends, as in chats everywhere; not while a word is being composed, nor with Shift.
fn send_on_enter(event: KeyboardEvent) {
    if event.key() != "Enter" || event.shift_key() || event.is_composing() {
        return;
    }
    let area = event_target::<leptos::web_sys::HtmlTextAreaElement>(&event);
    let Some(form) = area.form() else { return };
    event.prevent_default();
    // Through the button, so that what stops the one stops the other.
    if let Ok(Some(button)) = form.query_selector("button[type=submit]:not(:disabled)") {
        use leptos::wasm_bindgen::JsCast;
        button.unchecked_into::<leptos::web_sys::HtmlElement>().click();
    }
}
