//! Adding a secret.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos_meta::Title;

use super::beneath::Beneath;
use super::description::DescriptionField;
use crate::api::secrets::CreateSecret;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::doctor::Doctor;
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::name_field::NameField;
use crate::components::naming::NamingTable;
use crate::components::value_field::ValueField;
use crate::erase::Erase;
use crate::next::HOME;

#[component]
pub(crate) fn AddSecret() -> impl IntoView {
    let beneath = Beneath::new();
    let value = NodeRef::<Textarea>::new();
    let name = RwSignal::new(String::new());
    let doctor = Doctor::beside_name(name);
    let finish = beneath.finish();
    let state = FormState::new::<CreateSecret, _>(move |()| {
        empty(value);
        doctor.dismiss();
        finish();
    });
    view! {
        <Title text="Add a secret · Strongroom" />
        <Dialog title="Add a secret" back=HOME>
            <UiForm state class="form" fields=&["name", "value", "description"]>
                <NameField state typed=name taken=beneath.names() />
                <details class="more">
                    <summary>"How to name it"</summary>
                    <NamingTable />
                </details>
                <ValueField
                    state
                    label="Value"
                    hint="Kept exactly, several lines too; line breaks are stored as LF. After saving it is not shown again."
                    node_ref=value
                    doctor
                />
                <DescriptionField state />
                <div class="dialog__foot">
                    <Cancel back=HOME />
                    <Submit state label="Save secret" waiting="Saving…" />
                </div>
            </UiForm>
        </Dialog>
    }
    .erased()
}

/// Takes the value out of the page, as soon as it is saved.
pub(super) fn empty(value: NodeRef<Textarea>) {
    if let Some(area) = value.try_get_untracked().flatten() {
        area.set_value("");
    }
}
