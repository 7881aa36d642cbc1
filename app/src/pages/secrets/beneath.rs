//! What the dialogs share: the list beneath, and the way back to it.

use domain::{SecretName, SecretView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{Listed, SecretList};
use crate::components::dialog::Cancel;
use crate::components::form::FormState;
use crate::components::leave::{Unloadable, go};
use crate::components::loading::loaded;
use crate::erase::{Erase, Erased};
use crate::next::HOME;

/// The list beneath a dialog.
#[derive(Clone, Copy)]
pub(super) struct Beneath {
    secrets: Listed,
}

impl Beneath {
    /// To be made inside a dialog's component.
    pub(super) fn new() -> Self {
        let SecretList(secrets) = expect_context();
        Self { secrets }
    }

    /// What to do when a dialog is done: load the list anew and go back to it.
    pub(super) fn finish(self) -> impl Fn() + 'static {
        let go = go();
        move || {
            self.secrets.refetch();
            go(HOME);
        }
    }

    /// Loads the list anew when the server says that it has changed since. The dialog stays, and says so.
    pub(super) fn refresh_if_outdated(self, state: FormState) {
        Effect::new(move |_| {
            if state.is_outdated() {
                self.secrets.refetch();
            }
        });
    }

    /// What the list now says of a secret's revision.
    pub(super) fn revision(self, name: &SecretName) -> Option<String> {
        let all = self.secrets.now()?.ok()?;
        all.into_iter()
            .find(|secret| secret.name == *name)
            .map(|secret| secret.etag)
    }

    /// The names that exist, as far as they are known: in the browser only, since the server has not awaited the list here.
    pub(super) fn names(self) -> Signal<Vec<SecretName>> {
        let known = move || match self.secrets.now() {
            Some(Ok(all)) => all.into_iter().map(|secret| secret.name).collect(),
            _ => Vec::new(),
        };
        Memo::new(move |_| if cfg!(feature = "ssr") { Vec::new() } else { known() }).into()
    }

    /// Shows something about the secret that the address names, or that there is none. Once shown it stays as it is
    /// when the list is loaded anew: somebody may be typing in it.
    pub(super) fn with_secret(self, show: fn(SecretView) -> Erased) -> impl IntoView {
        let params = use_params_map();
        loaded("", move || {
            let name = params.read().get("name").unwrap_or_default();
            async move {
                match self.secrets.read_once().await {
                    Ok(all) => all
                        .into_iter()
                        .find(|secret| secret.name.as_str() == name)
                        .map_or_else(|| view! { <NoSuchSecret /> }.erased(), show),
                    Err(error) => view! { <Unloadable error /> }.erased(),
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
    .erased()
}
