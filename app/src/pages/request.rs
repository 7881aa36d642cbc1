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
use crate::api::requests::{OpenRequest, open_request};
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::source::Source;

type Opened = Source<Option<FieldView>>;

/// The page. Whoever is not the one who is asked sees that it is not theirs, and nothing more.
#[component]
pub(crate) fn RequestPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let opened: Opened = Source::asking(
        OpenRequest::PATH,
        // Only what an id is made of gets here: it stands in a path.
        move || format!("id={}", id.get()),
        move || open_request(id.get_untracked()),
    );
    let content = loaded("Loading…", move || async move {
        match opened.read().await {
            Ok(Some(field)) if field.request.status == RequestStatus::Pending => {
                view! { <SecureField field opened /> }.erased()
            }
            Ok(Some(field)) => view! { <Ended request=field.request /> }.erased(),
            Ok(None) => view! { <NotYours /> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    });
    view! {
        <Title text="A secret is asked for · Strongroom" />
        <Door title="A secret is asked for" wide=true>
            {content}
        </Door>
    }
    .erased()
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
