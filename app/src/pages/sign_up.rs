//! Making an account.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::door::{AtTheDoor, Door};
use crate::api::entrance::{Entrance, LookIn, SignUp, SignUpDoor, look_in};
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::leave::{Leave, go};
use crate::erase::{Erase, Erased};
use crate::next::{HOME, after_sign_in};
use crate::source::Source;

#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let entrance = Source::new(LookIn::PATH, look_in);
    view! {
        <Title text="Sign up · Strongroom" />
        <Door title="Make your account">
            <AtTheDoor entrance show=form_or_reason />
        </Door>
    }
    .erased()
}

fn form_or_reason(entrance: Entrance) -> Erased {
    match entrance {
        Entrance { signed_in: true, .. } => view! { <Leave to=HOME /> }.erased(),
        Entrance {
            sign_up: SignUpDoor::FirstRun,
            ..
        } => view! { <SignUpForm first=true /> }.erased(),
        Entrance {
            sign_up: SignUpDoor::Open,
            ..
        } => view! { <SignUpForm first=false /> }.erased(),
        Entrance {
            sign_up: SignUpDoor::Closed,
            ..
        } => view! {
            <p>"Sign-up is closed here: this server has its first account, and it makes no others by itself."</p>
            <p>"Ask whoever runs it to add an account for you."</p>
            <p class="door__beside">"You have one? "<a href="/sign-in">"Sign in"</a> "."</p>
        }
        .erased(),
    }
}

#[component]
fn SignUpForm(first: bool) -> impl IntoView {
    let go = go();
    let state = FormState::new::<SignUp, _>(move |next: String| go(after_sign_in(&next)));
    let setup_code = first.then(|| {
        view! {
            <p class="door__lead">
                "This server is new. The first account is its owner's, and needs the setup code that the server printed when it started."
            </p>
            <TextField
                state
                name="setup_code"
                label="Setup code"
                typing=Typing::TEXT
                placeholder="XXXX-XXXX-XXXX"
                hint="In the server's output, beside its address."
                autofocus=true
            />
        }
    });
    view! {
        <UiForm state autocomplete=true class="form" fields=&["setup_code", "login", "password"]>
            {setup_code}
            <TextField
                state
                name="login"
                label="Login name"
                typing=Typing::LOGIN
                hint="Any name; it may be your mail address. Nothing is ever sent to it."
                autofocus=!first
            />
            <TextField
                state
                name="password"
                label="Password"
                typing=Typing::NEW_PASSWORD
                hint="At least 12 characters. A few unrelated words make a good one."
            />
            <Submit state label="Make account" waiting="Making it…" class="button button--primary button--wide" />
        </UiForm>
        {(!first).then(|| view! { <p class="door__beside">"You have one? "<a href="/sign-in">"Sign in"</a> "."</p> })}
    }
    .erased()
}
