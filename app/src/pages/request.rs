//! The page of a secret request: who asks for what and why, the secure field, and afterwards what became of it.

mod ended;
mod field;

use domain::{FieldView, RequestStatus};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use self::ended::Ended;
use self::field::SecureField;
use super::door::Door;
use crate::api::account::SignOut;
use crate::api::requests::{OpenRequest, open_request};
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::error::UiError;
use crate::source::Source;

type Opened = Source<Option<FieldView>>;

/// What is to be shown.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Field,
    Ended,
    NotYours,
    Error(UiError),
}

/// The page. Whoever is not the one who is asked sees that it is not theirs, and nothing more.
#[component]
pub(crate) fn RequestPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    view! {
        <Title text="A secret is asked for · Strongroom" />
        <Door title="A secret is asked for" wide=true>
            <Answer id />
            // The one page within that has no menu; the link may have reached somebody else's browser.
            <form class="door__beside" method="post" action=SignOut::PATH>
                <button class="button button--small" type="submit">
                    "Sign out"
                </button>
            </form>
        </Door>
    }
    .erased()
}

/// A request, wherever it is shown: the secure field, or what became of it.
#[component]
pub(crate) fn Answer(id: Memo<String>) -> impl IntoView {
    let opened: Opened = Source::asking(
        OpenRequest::PATH,
        // Only what an id is made of gets here: it stands in a path.
        move || format!("id={}", id.get()),
        move || open_request(id.get_untracked()),
    );
    loaded("Loading…", move || async move {
        // From here on it is there, and reading it does not wait.
        let _there = opened.read_once().await;
        let shape = Memo::new(move |_| match opened.now() {
            Some(Ok(Some(field))) if field.request.status == RequestStatus::Pending => Shape::Field,
            Some(Ok(Some(_))) => Shape::Ended,
            Some(Ok(None)) | None => Shape::NotYours,
            Some(Err(error)) => Shape::Error(error),
        });
        // Made anew only when it is another thing: what was typed into the field stays there when it is read again.
        let shown = move || match (shape.get(), untrack(|| opened.now())) {
            (Shape::Field, Some(Ok(Some(field)))) => view! { <SecureField field opened /> }.erased(),
            (Shape::Ended, Some(Ok(Some(field)))) => view! { <Ended request=field.request /> }.erased(),
            (Shape::Error(error), _) => view! { <Unloadable error /> }.erased(),
            _ => view! { <NotYours /> }.erased(),
        };
        shown.erased()
    })
}

#[component]
fn NotYours() -> impl IntoView {
    view! {
        <p>"This request is not for your account, or there is no such request."</p>
        <p>"If somebody sent you this link, ask them who it is for. Nothing was stored."</p>
        <p>
            <a class="button" href="/secrets">
                "Go to your secrets"
            </a>
        </p>
    }
    .erased()
}
