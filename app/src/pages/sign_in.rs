//! Signing in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::door::{AtTheDoor, Door};
use crate::api::entrance::{Entrance, LookIn, SignIn, SignUpDoor, look_in};
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::leave::{Leave, go};
use crate::erase::{Erase, Erased};
use crate::next::{HOME, after_sign_in};
use crate::source::Source;

#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let entrance = Source::new(LookIn::PATH, look_in);
    view! {
        <Title text="Sign in · Strongroom" />
        <Door title="Sign in">
            <SignInForm />
            <AtTheDoor entrance show=beside />
        </Door>
    }
    .erased()
}

#[component]
fn SignInForm() -> impl IntoView {
    let go = go();
    let state = FormState::new::<SignIn, _>(move |next: String| go(after_sign_in(&next)));
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    view! {
        <UiForm state autocomplete=true class="form" fields=&["login", "password"]>
            <input type="hidden" name="next" value=after_sign_in(&next).to_owned() />
            <TextField state name="login" label="Login name" typing=Typing::LOGIN autofocus=true />
            <TextField state name="password" label="Password" typing=Typing::PASSWORD />
            <Submit state label="Sign in" waiting="Signing in…" class="button button--primary button--wide" />
        </UiForm>
    }
    .erased()
}

fn beside(entrance: Entrance) -> Erased {
    match entrance {
        Entrance { signed_in: true, .. } => view! { <Leave to=HOME /> }.erased(),
        Entrance {
            sign_up: SignUpDoor::FirstRun,
            ..
        } => view! {
            <p class="door__beside">
                "Nobody has an account here yet. "<a href="/sign-up">"Make the first one"</a> "."
            </p>
        }
        .erased(),
        Entrance {
            sign_up: SignUpDoor::Open,
            ..
        } => view! {
            <p class="door__beside">"No account yet? "<a href="/sign-up">"Sign up"</a> "."</p>
        }
        .erased(),
        Entrance {
            sign_up: SignUpDoor::Closed,
            ..
        } => view! {
            <p class="door__beside">
                "No account, or a lost password? Whoever runs this server can help you."
            </p>
        }
        .erased(),
    }
}
