//! Changing a secret.

use domain::SecretView;
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos_meta::Title;

use super::add::empty;
use super::beneath::Beneath;
use super::description::DescriptionField;
use crate::api::comparing::CompareSecret;
use crate::api::secrets::UpdateSecret;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::doctor::Doctor;
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::value_field::ValueField;
use crate::erase::Erase;
use crate::next::HOME;

#[component]
pub(crate) fn EditSecret() -> impl IntoView {
    view! {
        <Title text="Edit a secret · Strongroom" />
        <Dialog title="Edit secret" back=HOME>
            {Beneath::new().with_secret(|secret| view! { <EditForm secret /> }.erased())}
        </Dialog>
    }
    .erased()
}

#[component]
fn EditForm(secret: SecretView) -> impl IntoView {
    let value = NodeRef::<Textarea>::new();
    let beneath = Beneath::new();
    let finish = beneath.finish();
    let doctor = Doctor::of(secret.name.to_string());
    let state = FormState::new::<UpdateSecret, _>(move |()| {
        empty(value);
        doctor.dismiss();
        finish();
    });
    let comparing = FormState::new::<CompareSecret, _>(|()| ()).quiet();
    let description = comparing.kept("description").unwrap_or(secret.description);
    beneath.refresh_if_outdated(state);
    let etag = RwSignal::new(secret.etag.clone());
    let name = secret.name.clone();
    Effect::new(move |_| {
        if let Some(latest) = beneath.revision(&name) {
            etag.set(latest);
        }
    });
    view! {
        <p class="dialog__subject">
            <code>{secret.name.to_string()}</code>
        </p>
        <UiForm state second=comparing class="form" fields=&["value", "description"]>
            <input type="hidden" name="name" value=secret.name.to_string() />
            <input type="hidden" name="etag" value=secret.etag prop:value=move || etag.get() />
            <ValueField
                state
                label="New value"
                hint="Leave it empty to keep the current value. Line breaks are stored as LF."
                optional=true
                autofocus=true
                node_ref=value
                doctor
            />
            <IsItThisKey comparing />
            <DescriptionField state initial=description />
            <div class="dialog__foot">
                <Cancel back=HOME />
                <Submit state label="Save changes" waiting="Saving…" />
            </div>
        </UiForm>
    }
    .erased()
}

/// Compares what stands in the value field with what is stored. The answer comes in a notice, and stays here too.
#[component]
fn IsItThisKey(comparing: FormState) -> impl IntoView {
    let pending = comparing.pending();
    let said = move || {
        comparing
            .notice()
            .or_else(|| comparing.error("value").get())
            .or_else(|| comparing.error("form").get())
    };
    view! {
        <div class="compare">
            <button
                type="submit"
                class="button button--small"
                formaction=comparing.path()
                disabled=move || pending.get()
            >
                {move || if pending.get() { "Comparing…" } else { "Is it this key?" }}
            </button>
            <p class="compare__answer" role="status">
                {move || said().unwrap_or_else(|| "Paste a key above to compare it with the stored one. Nothing is saved.".to_owned())}
            </p>
        </div>
    }
    .erased()
}
