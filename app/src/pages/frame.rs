//! What stands around every page of somebody who is signed in: the sidebar, at phone width a top bar.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_location;

use crate::api::account::{AccountView, WhoAmI, who_am_i};
use crate::components::account_menu::AccountMenu;
use crate::components::focus::remember_opener;
use crate::components::icon::{Glyph, Icon};
use crate::components::keys::Keys;
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::components::wordmark::Wordmark;
use crate::erase::{Children, Erase};
use crate::source::Source;

/// The context that holds who is signed in, for the pages inside.
#[derive(Clone, Copy)]
pub(crate) struct Account(pub(crate) Source<AccountView>);

/// The frame. Also the guard: whoever is not signed in is sent to the sign-in page. (Each server function asks for
/// itself too: this spares the visitor an empty page, it protects nothing.)
#[component]
pub(crate) fn Frame() -> impl IntoView {
    let account = Source::new(WhoAmI::PATH, who_am_i);
    provide_context(Account(account));
    let menu = loaded("", move || async move {
        match account.read().await {
            Ok(account) => view! { <AccountMenu account /> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    });
    view! {
        <a class="skip-link" href="#main" rel="external">
            "Skip to the content"
        </a>
        <div class="frame">
            <header class="sidebar">
                <a class="sidebar__home" href="/secrets" aria-label="Strongroom, your secrets">
                    <Wordmark />
                </a>
                <nav class="nav" aria-label="Main">
                    <NavLink href="/secrets" glyph=Glyph::Key label="Secrets" />
                    <NavLink href="/chat" glyph=Glyph::Chat label="Chat" />
                    <NavLink href="/activity" glyph=Glyph::Activity label="Activity" />
                    <NavLink href="/settings" glyph=Glyph::Settings label="Settings" />
                </nav>
                <div class="sidebar__account">
                    {menu}
                </div>
            </header>
            <main class="main" id="main" tabindex="-1">
                <Outlet />
            </main>
        </div>
        <Keys />
    }
    .erased()
}

#[component]
fn NavLink(href: &'static str, glyph: Glyph, label: &'static str) -> impl IntoView {
    view! {
        <A href=href attr:class="nav__link">
            <Icon glyph />
            <span>{label}</span>
        </A>
    }
    .erased()
}

/// The list behind a page's dialogs: inert while one is open, which scripts would see to by themselves.
#[component]
pub(crate) fn Behind(page: &'static str, children: Children) -> impl IntoView {
    let path = use_location().pathname;
    let dialog = move || {
        let open = path.read().trim_end_matches('/') != page;
        if open {
            // What is inert loses the focus, and the dialog may still be on its way.
            remember_opener();
        }
        open
    };
    view! {
        <div class="page" inert=dialog>
            {children.show()}
        </div>
    }
    .erased()
}

/// A page's heading, and what can be done from it. The heading can be focused: a dialog that closes returns there if
/// what opened it is gone.
#[component]
pub(crate) fn PageHead(
    title: &'static str,
    lead: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page__head">
            <div>
                <h1 tabindex="-1">{title}</h1>
                <p class="page__lead">{lead}</p>
            </div>
            {children.map(Children::show)}
        </header>
    }
    .erased()
}
