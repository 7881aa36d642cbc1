//! Changing a secret.

use domain::SecretView;
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos_meta::Title;

use super::Beneath;
use super::add::empty;
use super::description::DescriptionField;
use crate::api::secrets::UpdateSecret;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::value_field::ValueField;
use crate::next::HOME;

#[component]
pub(crate) fn EditSecret() -> impl IntoView {
    view! {
        <Title text="Edit a secret · Strongroom" />
        <Dialog title="Edit secret" back=HOME>
            {Beneath::new().with_secret(|secret| view! { <EditForm secret /> }.into_any())}
        </Dialog>
    }
    .into_any()
}

#[component]
fn EditForm(secret: SecretView) -> impl IntoView {
    let value = NodeRef::<Textarea>::new();
    let beneath = Beneath::new();
    let finish = beneath.finish();
    let state = FormState::new::<UpdateSecret, _>(move |()| {
        empty(value);
        finish();
    });
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
        <UiForm state class="form" fields=&["value", "description"]>
            <input type="hidden" name="name" value=secret.name.to_string() />
            <input type="hidden" name="etag" value=secret.etag prop:value=move || etag.get() />
            <ValueField
                state
                label="New value"
                hint="Leave it empty to keep the current value. Line breaks are stored as LF."
                optional=true
                autofocus=true
                node_ref=value
            />
            <DescriptionField state initial=secret.description />
            <div class="dialog__foot">
                <Cancel back=HOME />
                <Submit state label="Save changes" waiting="Saving…" />
            </div>
        </UiForm>
    }
    .into_any()
}
