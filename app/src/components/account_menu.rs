//! The menu of who is signed in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::icon::{Glyph, Icon};
use super::keys::open_keys;
use crate::api::account::{AccountView, SignOut};
use crate::erase::Erase;

const MENU: &str = "account-menu";

/// The login name, and behind it the account's pages and the way out.
///
/// A popover, which browsers open and close without a script. Signing out is a plain form: it loads the next page anew,
/// and nothing of the account stays in the browser's memory.
#[component]
pub(crate) fn AccountMenu(account: AccountView) -> impl IntoView {
    let initial = account.login.chars().next().map(|first| first.to_string());
    let label = format!("Account: {}", account.login);
    view! {
        <button class="account" type="button" popovertarget=MENU aria-label=label>
            <span class="account__initial" aria-hidden="true">
                {initial}
            </span>
            <span class="account__name">{account.login.clone()}</span>
            <Icon glyph=Glyph::Chevron />
        </button>
        <div class="menu" id=MENU popover="auto">
            <p class="menu__who">"Signed in as " <strong>{account.login}</strong></p>
            <a class="menu__item" href="/secrets" on:click=close>
                <Icon glyph=Glyph::Key />
                "Secrets"
            </a>
            <a class="menu__item" href="/activity" on:click=close>
                <Icon glyph=Glyph::Activity />
                "Activity"
            </a>
            <a class="menu__item" href="/settings" on:click=close>
                <Icon glyph=Glyph::Settings />
                "Settings"
            </a>
            <button class="menu__item needs-script" type="button" on:click=show_keys>
                <Icon glyph=Glyph::Keyboard />
                "Keyboard shortcuts"
            </button>
            <form class="menu__form" method="post" action=SignOut::PATH>
                <button class="menu__item" type="submit">
                    <Icon glyph=Glyph::SignOut />
                    "Sign out"
                </button>
            </form>
        </div>
    }
    .erased()
}

fn show_keys(click: leptos::ev::MouseEvent) {
    close(click);
    open_keys();
}

/// A click inside does not close a popover, and the page stays when its links are followed.
fn close(_: leptos::ev::MouseEvent) {
    let menu = document()
        .get_element_by_id(MENU)
        .and_then(|menu| menu.dyn_into::<HtmlElement>().ok());
    if let Some(menu) = menu {
        // Fails in browsers without popovers, where there is nothing to close.
        let _ = menu.hide_popover();
    }
}
