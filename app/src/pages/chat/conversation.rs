//! One chat: what stands in it, as it happens, and where one writes.

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_params_map;

use super::composer::{Composer, Sending};
use super::entry::EntryOf;
use super::live::{Live, Place};
use super::{Chats, Who};
use crate::api::chat::{CHATS, OPTIONS, OpenChat, OpenedChat, SayInChat, StopChat, open_chat};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::icon::{Glyph, Icon};
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::source::Source;

/// The context of what lies over a chat: which, and what to read anew when it is changed.
#[derive(Clone, Copy)]
pub(super) struct OfChat {
    pub(super) id: Memo<String>,
    pub(super) opened: Source<Option<OpenedChat>>,
}

#[component]
pub(crate) fn Conversation() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let opened: Source<Option<OpenedChat>> = Source::asking(
        OpenChat::PATH,
        // Only what an id is made of gets here: it stands in a path.
        move || format!("id={}", id.get()),
        move || open_chat(id.get_untracked()),
    );
    provide_context(OfChat { id, opened });
    let open = loaded("Loading…", move || async move {
        match opened.read().await {
            Ok(Some(opened)) => view! { <Open opened /> }.erased(),
            Ok(None) => view! { <Gone /> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    });
    view! {
        {open}
        <Outlet />
    }
    .erased()
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <Title text="Chat · Strongroom" />
        <div class="chat">
            <div class="chat__start">
                <h1 tabindex="-1">"There is no such chat"</h1>
                <p>"It was deleted, or it is not yours. " <a href=CHATS>"Start a new one"</a> "."</p>
            </div>
        </div>
    }
    .erased()
}

#[component]
fn Open(opened: OpenedChat) -> impl IntoView {
    let Chats(chats) = expect_context();
    let OpenedChat {
        id,
        title,
        given,
        entries,
        working,
    } = opened;
    let live = Live::new(entries, working);
    live.follow(id.clone());
    let state = FormState::new::<SayInChat, _>(move |()| chats.refetch()).quiet();
    let foot = NodeRef::<html::Div>::new();
    // What comes is in sight, unless the reader has scrolled up to read.
    Effect::new(move |_| {
        live.track();
        if let Some(foot) = foot.get() {
            request_animation_frame(move || show_end(&foot));
        }
    });
    let last = live.last_asked();
    view! {
        <Title text=format!("{title} · Strongroom") />
        <div class="chat">
            <header class="chat__head">
                <h1 class="chat__title" tabindex="-1">{title}</h1>
                <A href=format!("{CHATS}/{id}{OPTIONS}") attr:class="button button--small">
                    <Icon glyph=Glyph::Settings />
                    {given}
                </A>
            </header>
            <Who />
            <div role="log" aria-label="Messages">
                <ol class="entries">
                    <For
                        each=move || live.places()
                        key=|place: &Place| place.position
                        children=move |place| view! { <EntryOf place live last /> }
                    />
                </ol>
            </div>
            <AtWork live id=id.clone() />
            <div class="chat__end" node_ref=foot></div>
            <Composer state sending=Sending::To(id) />
        </div>
    }
    .erased()
}

/// That the agent is at work, and how to stop it.
#[component]
fn AtWork(live: Live, id: String) -> impl IntoView {
    let state = FormState::new::<StopChat, _>(|()| ()).quiet();
    view! {
        <div class="at-work" hidden=move || !live.working()>
            <p class="at-work__what" role="status">
                {move || if live.working() { "The agent is at work…" } else { "" }}
            </p>
            <noscript>
                <a class="button button--small" href="">"Look again"</a>
            </noscript>
            <UiForm state>
                <input type="hidden" name="id" value=id />
                <Submit state label="Stop" waiting="Stopping…" class="button button--small" />
            </UiForm>
        </div>
    }
    .erased()
}

/// Scrolls to the end, if that is about where the reader is.
fn show_end(foot: &leptos::web_sys::HtmlDivElement) {
    const NEAR: f64 = 400.0;
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or(0.0);
    if foot.get_bounding_client_rect().top() < height + NEAR {
        foot.scroll_into_view_with_bool(false);
    }
}
