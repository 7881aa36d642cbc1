//! Using a secret: the lines that read it, ready to be copied.

use domain::SecretView;
use leptos::prelude::*;
use leptos_meta::Title;

use super::beneath::Beneath;
use crate::components::copy::CopyButton;
use crate::components::dialog::{Cancel, Dialog};
use crate::erase::Erase;
use crate::next::HOME;

#[component]
pub(crate) fn UseSecret() -> impl IntoView {
    view! {
        <Title text="Use a secret · Strongroom" />
        <Dialog title="Use it in code" back=HOME>
            {Beneath::new().with_secret(|secret| view! { <Lines secret /> }.erased())}
        </Dialog>
    }
    .erased()
}

#[component]
fn Lines(secret: SecretView) -> impl IntoView {
    let name = secret.name.to_string();
    let lines = [
        ("Python", format!("os.environ[\"{name}\"]")),
        ("Node.js", format!("process.env.{name}")),
        ("Shell", format!("\"${name}\"")),
        (
            "Run a program with it",
            format!("strongroom run --only {name} -- python3 agent.py"),
        ),
    ];
    view! {
        <p class="dialog__subject">
            <code>{name.clone()}</code>
        </p>
        <p>"In a sandbox it is an environment variable. Tell your agent the name; it reads the value where the code runs."</p>
        <dl class="lines">
            {lines
                .into_iter()
                .map(|(where_, line)| {
                    view! {
                        <div class="lines__item">
                            <dt>{where_}</dt>
                            <dd>
                                <code>{line.clone()}</code>
                                <CopyButton text=line about=where_ />
                            </dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
        <div class="dialog__foot">
            <a class="button" href=format!("/activity?name={name}")>
                "See its activity"
            </a>
            <Cancel back=HOME label="Done" />
        </div>
    }
    .erased()
}
