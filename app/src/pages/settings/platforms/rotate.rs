//! Replacing a platform's key.

use domain::PlatformView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::platforms::RotatePlatform;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::field::{Label, TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::pages::settings::add_token::ShownOnce;
use crate::pages::settings::{Lists, SETTINGS};
use crate::reply::NewToken;

#[component]
pub(crate) fn RotatePlatformDialog() -> impl IntoView {
    let Lists { platforms, .. } = expect_context();
    let made = RwSignal::new(None::<NewToken>);
    let state = FormState::new::<RotatePlatform, _>(move |key: NewToken| {
        made.try_set(Some(key));
        platforms.refetch();
    });
    // Without scripts, the server remembered it for this page.
    made.set(state.token());
    let content = move || match made.get() {
        Some(token) => view! { <ShownOnce token kind="new key of the platform" /> }.erased(),
        None => loaded("Loading…", move || async move {
            let all = platforms.read().await.ok().flatten().unwrap_or_default();
            view! { <RotateForm state all /> }.erased()
        }),
    };
    view! {
        <Title text="Replace a platform's key · Strongroom" />
        <Dialog title="Replace a platform's key" back=SETTINGS>
            {content}
        </Dialog>
    }
    .erased()
}

#[component]
fn RotateForm(state: FormState, all: Vec<PlatformView>) -> impl IntoView {
    let chosen = use_query_map().read_untracked().get("name");
    let kept = state.kept("name").or(chosen).unwrap_or_default();
    let options = all
        .into_iter()
        .map(|platform| {
            let selected = platform.name == kept;
            view! {
                <option value=platform.name.clone() selected=selected>
                    {platform.name.clone()}
                </option>
            }
        })
        .collect_view();
    view! {
        <p>"The old key stops working at once, and the sandboxes that it opened end. Give the new one to the platform's back end."</p>
        <UiForm state class="form" fields=&["password"]>
            <div class="field">
                <Label name="name" label="Platform" />
                <select class="input" id="name" name="name">
                    {options}
                </select>
            </div>
            <TextField state name="password" label="Your password" typing=Typing::PASSWORD autofocus=true />
            <div class="dialog__foot">
                <Cancel back=SETTINGS />
                <Submit state label="Replace key" waiting="Replacing…" />
            </div>
        </UiForm>
    }
    .erased()
}
