//! The secure field for a credential that was taken out of the message box.

use leptos::html::Textarea;
use leptos::prelude::*;

use super::guard::Guard;
use crate::api::secrets::CreateSecret;
use crate::components::doctor::Doctor;
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::name_field::{NameField, write_name};
use crate::components::value_field::ValueField;
use crate::erase::Erase;
use crate::pages::secrets::description::DescriptionField;
use crate::pieces::Part;

/// Is there, and loaded, only while something is being moved.
#[component]
pub(super) fn Guarded(guard: Guard) -> impl IntoView {
    provide_context(guard);
    let moving = guard.moving();
    move || moving.get().map(|_| Part::FieldForMoved.view())
}

/// The field for what is being moved.
#[component]
pub(crate) fn FieldForMoved() -> impl IntoView {
    let guard: Guard = expect_context();
    let moving = guard.moving().get_untracked().unwrap_or_default();
    let value = NodeRef::<Textarea>::new();
    let name = RwSignal::new(String::new());
    let doctor = Doctor::beside_name(name);
    let close = move || {
        if let Some(area) = value.try_get_untracked().flatten() {
            area.set_value("");
        }
        doctor.dismiss();
        guard.moving().set(None);
    };
    let suggested = moving.name.clone();
    let state = FormState::new::<CreateSecret, _>(move |()| {
        guard.rename(&suggested, &name.get_untracked());
        close();
    });
    let suggested = moving.name;
    // Once both fields are in the page.
    Effect::new(move |_| {
        if value.get().is_some()
            && let Some(moved) = guard.take_value()
        {
            write_name(name, &suggested);
            doctor.place(&moved);
        }
    });
    view! {
        <section class="guarded" aria-labelledby="guarded-title">
            <h2 id="guarded-title">"Store it, instead of sending it"</h2>
            <p class="asked__where">
                "It is no longer in your message; its name is. Whoever answers learns the name, never the value."
            </p>
            <UiForm state class="form" fields=&["name", "value", "description"]>
                <NameField state typed=name taken=Signal::derive(Vec::new) />
                <ValueField
                    state
                    label="Value"
                    hint="Kept exactly. After saving it is not shown again."
                    node_ref=value
                    doctor
                />
                <DescriptionField state />
                <div class="dialog__foot">
                    <button type="button" class="button" on:click=move |_| close()>
                        "Throw it away"
                    </button>
                    <Submit state label="Save secret" waiting="Saving…" />
                </div>
            </UiForm>
        </section>
    }
    .erased()
}
