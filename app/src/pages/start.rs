//! The address without a path: leads to where the visitor belongs.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::door::AtTheDoor;
use crate::api::entrance::{Entrance, LookIn, SignUpDoor, look_in};
use crate::components::leave::Leave;
use crate::erase::{Erase, Erased};
use crate::next::{HOME, SIGN_IN};
use crate::source::Source;

#[component]
pub(crate) fn Start() -> impl IntoView {
    let entrance = Source::new(LookIn::PATH, look_in);
    view! {
        <Title text="Strongroom" />
        <AtTheDoor entrance show=lead />
    }
    .erased()
}

fn lead(entrance: Entrance) -> Erased {
    let to = match entrance {
        Entrance { signed_in: true, .. } => HOME,
        Entrance {
            sign_up: SignUpDoor::FirstRun,
            ..
        } => "/sign-up",
        _ => SIGN_IN,
    };
    view! { <Leave to /> }.erased()
}
