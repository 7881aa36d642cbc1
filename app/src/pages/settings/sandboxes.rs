//! Sandboxes that are live.

use domain::{SandboxView, SecretName};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{Listed, Loaded, Section};
use crate::api::sandboxes::{CloseSandbox, ListSandboxes, list_sandboxes};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::row::{Confirm, Row};
use crate::components::time::Time;
use crate::erase::{Erase, Erased};
use crate::source::Source;

/// The context that holds the list, for its rows.
#[derive(Clone, Copy)]
struct Live(Listed<SandboxView>);

#[component]
pub(super) fn SandboxesSection() -> impl IntoView {
    let sandboxes = Source::new(ListSandboxes::PATH, list_sandboxes);
    provide_context(Live(sandboxes));
    view! {
        <Section
            id="sandboxes"
            title="Live sandboxes"
            lead="Where your values can go right now. Each one ends by itself."
        >
            <Loaded
                list=sandboxes
                none="None is live."
                row=|sandbox| view! { <SandboxRow sandbox /> }.erased()
            />
        </Section>
    }
    .erased()
}

#[component]
fn SandboxRow(sandbox: SandboxView) -> impl IntoView {
    let Live(list) = expect_context();
    let state = FormState::new::<CloseSandbox, _>(move |()| {
        list.refetch();
    });
    let label = sandbox.label.unwrap_or_else(|| "Unnamed sandbox".to_owned());
    let title = view! { <span>{label.clone()}</span> }.erased();
    let fetched = match sandbox.last_fetch_at {
        Some(at) => view! { " · Last fetch " <Time at minutes=true /> }.erased(),
        None => " · Nothing fetched".erased(),
    };
    let facts = view! {
        "Opened by "
        {sandbox.opened_by}
        ", "
        <Time at=sandbox.created_at minutes=true />
        " · Ends "
        <Time at=sandbox.expires_at minutes=true />
        {fetched}
    }
    .erased();
    let more = view! { <p class="row__names">{reach(sandbox.names.as_deref())}</p> }.erased();
    let close = view! {
        <Confirm
            label="Revoke"
            about=label
            warning="It gets nothing any more. What it has fetched stays in its memory until it ends."
        >
            <UiForm state>
                <input type="hidden" name="id" value=sandbox.id />
                <Submit state label="Revoke sandbox" waiting="Revoking…" class="button button--danger button--small" />
            </UiForm>
        </Confirm>
    }
    .erased();
    view! { <Row title facts action=close more /> }.erased()
}

/// Which secrets a sandbox can get.
fn reach(names: Option<&[SecretName]>) -> Erased {
    match names {
        None => "Can get all of your secrets".erased(),
        Some(names) => {
            let names = names.iter().map(SecretName::as_str).collect::<Vec<_>>().join(", ");
            view! { "Can get " <code>{names}</code> }.erased()
        }
    }
}
