//! The Secrets page, and its dialogs.

mod add;
mod beneath;
mod card;
mod delete;
pub(super) mod description;
mod edit;
mod empty;
mod finder;
mod history;
mod import;
mod list;
mod using;
mod waiting;

use domain::SecretView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::Outlet;

pub(crate) use add::AddSecret;
pub(crate) use delete::DeleteSecretDialog;
pub(crate) use edit::EditSecret;
pub(crate) use history::HistoryDialog;
pub(crate) use import::ImportDialog;
pub(crate) use using::UseSecret;

use self::list::SecretsShown;
use self::waiting::Waiting;
use super::frame::{Behind, PageHead};
use crate::api::secrets::{ListSecrets, list_secrets};
use crate::components::icon::{Glyph, Icon};
use crate::erase::Erase;
use crate::handover::Handover;
use crate::next::HOME;
use crate::source::Source;

type Listed = Source<Vec<SecretView>>;

/// The context that holds the list, for the dialogs over it.
#[derive(Clone, Copy)]
struct SecretList(Listed);

/// The list, and the dialog whose address is open.
#[component]
pub(crate) fn Secrets() -> impl IntoView {
    let secrets = Source::new(ListSecrets::PATH, list_secrets);
    provide_context(SecretList(secrets));
    provide_context(Handover::default());
    view! {
        <Title text="Secrets · Strongroom" />
        <Behind page=HOME>
            <PageHead
                title="Secrets"
                lead="Your agents use these by name, inside a sandbox. Once saved, no value is shown again: not here, and not in a chat."
            >
                <div class="page__actions">
                    <a class="button" href="/secrets/import">
                        <Icon glyph=Glyph::Import />
                        "Import"
                    </a>
                    <a class="button button--primary" id="add-secret" href="/secrets/new">
                        <Icon glyph=Glyph::Add />
                        "Add secret"
                    </a>
                </div>
            </PageHead>
            <Waiting />
            <SecretsShown secrets />
        </Behind>
        <Outlet />
    }
    .erased()
}
