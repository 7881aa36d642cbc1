//! Adding a platform.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::platforms::CreatePlatform;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::erase::Erase;
use crate::pages::settings::add_token::ShownOnce;
use crate::pages::settings::{Lists, SETTINGS};
use crate::reply::NewToken;

#[component]
pub(crate) fn AddPlatform() -> impl IntoView {
    let Lists { platforms, .. } = expect_context();
    let made = RwSignal::new(None::<NewToken>);
    let state = FormState::new::<CreatePlatform, _>(move |key: NewToken| {
        made.try_set(Some(key));
        platforms.refetch();
    });
    // Without scripts, the server remembered it for this page.
    made.set(state.token());
    let content = move || match made.get() {
        Some(token) => view! { <ShownOnce token kind="key of the platform" /> }.erased(),
        None => view! { <PlatformForm state /> }.erased(),
    };
    view! {
        <Title text="New platform · Strongroom" />
        <Dialog title="New platform" back=SETTINGS>
            {content}
        </Dialog>
    }
    .erased()
}

#[component]
fn PlatformForm(state: FormState) -> impl IntoView {
    view! {
        <UiForm state class="form" fields=&["name", "origins", "request_url", "most_users", "password"]>
            <TextField
                state
                name="name"
                label="Name"
                typing=Typing::TEXT
                hint="People read it in the field: “ada@example.com at Acme Chat”."
                autofocus=true
            />
            <TextField
                state
                name="origins"
                label="Shows the field at"
                typing=Typing::TEXT
                placeholder="https://chat.example"
                hint="The exact origins of its pages, separated by blanks. No other page can show its fields."
            />
            <TextField
                state
                name="request_url"
                label="Its own page for a request"
                typing=Typing::TEXT
                optional=true
                placeholder="https://chat.example/requests/{id}"
                hint="Where the link of a request leads. Without it there is no link, only the field."
            />
            <TextField
                state
                name="most_users"
                label="Users at most"
                typing=Typing::TEXT
                optional=true
                placeholder="1000"
            />
            <TextField
                state
                name="password"
                label="Your password"
                typing=Typing::PASSWORD
                hint="Asked again, because a platform's key reaches the values of its users."
            />
            <div class="dialog__foot">
                <Cancel back=SETTINGS />
                <Submit state label="Add platform" waiting="Adding…" />
            </div>
        </UiForm>
    }
    .erased()
}
