//! The Secrets page, and its dialogs.

mod add;
mod card;
mod delete;
mod description;
mod edit;
mod empty;

use domain::{SecretName, SecretView};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_params_map;

pub(crate) use add::AddSecret;
pub(crate) use delete::DeleteSecretDialog;
pub(crate) use edit::EditSecret;

use self::card::SecretCard;
use self::empty::NoSecrets;
use super::frame::{Behind, PageHead};
use crate::api::secrets::list_secrets;
use crate::components::dialog::Cancel;
use crate::components::form::FormState;
use crate::components::icon::{Glyph, Icon};
use crate::components::leave::{Unloadable, go};
use crate::components::loading::loaded;
use crate::error::UiError;
use crate::next::HOME;

type Listed = Resource<Result<Vec<SecretView>, UiError>>;

/// The context that holds the list, for the dialogs over it.
#[derive(Clone, Copy)]
struct SecretList(Listed);

/// The list, and the dialog whose address is open.
#[component]
pub(crate) fn Secrets() -> impl IntoView {
    let secrets = Resource::new(|| (), |()| list_secrets());
    provide_context(SecretList(secrets));
    let list = loaded("Loading your secrets…", move || async move {
        match secrets.await {
            Ok(secrets) if secrets.is_empty() => view! { <NoSecrets /> }.into_any(),
            Ok(secrets) => view! { <SecretCards secrets /> }.into_any(),
            Err(error) => view! { <Unloadable error /> }.into_any(),
        }
    });
    view! {
        <Title text="Secrets · Strongroom" />
        <Behind page=HOME>
            <PageHead
                title="Secrets"
                lead="Your agents use these by name, inside a sandbox. Once saved, no value is shown again: not here, and not in a chat."
            >
                <a class="button button--primary" id="add-secret" href="/secrets/new">
                    <Icon glyph=Glyph::Add />
                    "Add secret"
                </a>
            </PageHead>
            {list}
        </Behind>
        <Outlet />
    }
    .into_any()
}

#[component]
fn SecretCards(secrets: Vec<SecretView>) -> impl IntoView {
    view! {
        <ul class="cards" aria-label="Your secrets">
            {secrets.into_iter().map(|secret| view! { <SecretCard secret /> }).collect_view()}
        </ul>
    }
    .into_any()
}

/// What the dialogs share: the list beneath, and the way back to it.
#[derive(Clone, Copy)]
struct Beneath {
    secrets: Listed,
}

impl Beneath {
    /// To be made inside a dialog's component.
    fn new() -> Self {
        let SecretList(secrets) = expect_context();
        Self { secrets }
    }

    /// What to do when a dialog is done: load the list anew and go back to it.
    fn finish(self) -> impl Fn() + 'static {
        let go = go();
        move || {
            self.secrets.refetch();
            go(HOME);
        }
    }

    /// Loads the list anew when the server says that it has changed since. The dialog stays, and says so.
    fn refresh_if_outdated(self, state: FormState) {
        Effect::new(move |_| {
            if state.is_outdated() {
                self.secrets.refetch();
            }
        });
    }

    /// What the list now says of a secret's revision.
    fn revision(self, name: &SecretName) -> Option<String> {
        let find = |list: &Result<Vec<SecretView>, UiError>| {
            list.iter()
                .flatten()
                .find(|secret| secret.name == *name)
                .map(|secret| secret.etag.clone())
        };
        self.secrets.map(find).flatten()
    }

    /// The names that exist, as far as they are known: in the browser only. The server never reads the list without
    /// awaiting it. While it is being filled such a read blocks the thread, and with it the very task that fills it.
    fn names(self) -> Signal<Vec<SecretName>> {
        let names = |list: &Result<Vec<SecretView>, UiError>| {
            list.iter()
                .flatten()
                .map(|secret| secret.name.clone())
                .collect::<Vec<_>>()
        };
        Signal::derive(move || match cfg!(feature = "ssr") {
            true => Vec::new(),
            false => self.secrets.map(names).unwrap_or_default(),
        })
    }

    /// Shows something about the secret that the address names, or that there is none. Once shown it stays as it is
    /// when the list is loaded anew: somebody may be typing in it.
    fn with_secret(self, show: fn(SecretView) -> AnyView) -> impl IntoView {
        let params = use_params_map();
        loaded("", move || {
            let name = params.read().get("name").unwrap_or_default();
            async move {
                match ScopedFuture::new_untracked(self.secrets.into_future()).await {
                    Ok(all) => all
                        .into_iter()
                        .find(|secret| secret.name.as_str() == name)
                        .map_or_else(|| view! { <NoSuchSecret /> }.into_any(), show),
                    Err(error) => view! { <Unloadable error /> }.into_any(),
                }
            }
        })
    }
}

#[component]
fn NoSuchSecret() -> impl IntoView {
    view! {
        <p>"You have no secret of that name. It may have been deleted in another window."</p>
        <div class="dialog__foot">
            <Cancel back=HOME label="Back to your secrets" />
        </div>
    }
    .into_any()
}
