//! Deleting the account.

use leptos::prelude::*;
use leptos_meta::Title;

use super::SETTINGS;
use crate::api::account::DeleteAccount;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::leave::go;
use crate::erase::Erase;
use crate::next::SIGN_IN;

#[component]
pub(crate) fn DeleteAccountDialog() -> impl IntoView {
    let go = go();
    let state = FormState::new::<DeleteAccount, _>(move |()| go(SIGN_IN));
    view! {
        <Title text="Delete account · Strongroom" />
        <Dialog title="Delete your account" back=SETTINGS>
            <p>"This happens at once, and nobody can undo it:"</p>
            <ul class="consequences">
                <li>"Your secrets are deleted, and the keys that open them are destroyed."</li>
                <li>"Every browser, API token and sandbox of yours is shut out."</li>
                <li>"The records of what was used, and when, are removed."</li>
                <li>
                    "Programs that are running keep the values that they have fetched, until they end. If that worries you, replace those keys at the services they belong to."
                </li>
            </ul>
            <UiForm state autocomplete=true class="form" fields=&["password"]>
                <TextField
                    state
                    name="password"
                    label="Your password"
                    typing=Typing::PASSWORD
                    hint="To make sure that it is you."
                    autofocus=true
                />
                <div class="dialog__foot">
                    <Cancel back=SETTINGS />
                    <Submit state label="Delete my account" waiting="Deleting…" class="button button--danger" />
                </div>
            </UiForm>
        </Dialog>
    }
    .erased()
}
