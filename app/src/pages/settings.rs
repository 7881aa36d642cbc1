//! The Settings page, and its dialogs.

mod account;
mod add_token;
mod browser;
mod delete_account;
mod platforms;
mod sandboxes;
mod sessions;
mod tokens;

use domain::{PlatformView, SessionView, TokenView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use add_token::AddToken;
pub(crate) use delete_account::DeleteAccountDialog;
pub(crate) use platforms::{AddPlatform, RotatePlatformDialog};

use self::account::AccountSection;
use self::platforms::PlatformsSection;
use self::sandboxes::SandboxesSection;
use self::sessions::SessionsSection;
use self::tokens::TokensSection;
use super::frame::{Behind, PageHead};
use crate::api::platforms::{ListPlatforms, list_platforms};
use crate::api::sessions::{ListSessions, list_sessions};
use crate::api::tokens::{ListTokens, list_tokens};
use crate::components::icon::{Glyph, Icon};
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::erase::{Children, Erase, Erased};
use crate::source::Source;

const SETTINGS: &str = "/settings";

type Listed<T> = Source<Vec<T>>;

/// The context that holds the lists which more than one part changes.
#[derive(Clone, Copy)]
struct Lists {
    tokens: Listed<TokenView>,
    sessions: Listed<SessionView>,
    /// `None` for anybody but the server's owner.
    platforms: Source<Option<Vec<PlatformView>>>,
}

#[component]
pub(crate) fn Settings() -> impl IntoView {
    let lists = Lists {
        tokens: Source::new(ListTokens::PATH, list_tokens),
        sessions: Source::new(ListSessions::PATH, list_sessions),
        platforms: Source::new(ListPlatforms::PATH, list_platforms),
    };
    provide_context(lists);
    view! {
        <Title text="Settings · Strongroom" />
        <Behind page=SETTINGS>
            <PageHead title="Settings" lead="Your account, and who may act for it.">
                <a class="button" href="/secrets">
                    <Icon glyph=Glyph::Key />
                    "Your secrets"
                </a>
            </PageHead>
            <AccountSection />
            <TokensSection />
            <SandboxesSection />
            <SessionsSection />
            <PlatformsSection />
            <DangerSection />
        </Behind>
        <Outlet />
    }
    .erased()
}

/// One part of the page, under its heading.
#[component]
fn Section(
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    /// Beside the heading.
    #[prop(optional_no_strip)]
    action: Option<Erased>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby=id>
            <header class="section__head">
                <div>
                    <h2 id=id>{title}</h2>
                    <p class="section__lead">{lead}</p>
                </div>
                {action}
            </header>
            {children.show()}
        </section>
    }
    .erased()
}

/// A list that is loaded, or the words for none.
#[component]
fn Loaded<T>(list: Listed<T>, none: &'static str, row: fn(T) -> Erased) -> impl IntoView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    loaded("Loading…", move || async move {
        match list.read().await {
            Ok(items) if items.is_empty() => view! { <p class="none">{none}</p> }.erased(),
            Ok(items) => view! { <ul class="rows">{items.into_iter().map(row).collect_view()}</ul> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    })
}

#[component]
fn DangerSection() -> impl IntoView {
    view! {
        <Section
            id="danger"
            title="Delete account"
            lead="Removes your account, your secrets and every record of them, for good."
        >
            <p>
                <a class="button button--danger-quiet" href="/settings/delete-account">
                    "Delete account…"
                </a>
            </p>
        </Section>
    }
    .erased()
}
