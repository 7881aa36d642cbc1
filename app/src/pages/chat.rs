//! The Chat page: conversations with an agent that uses secrets by name.

mod asked;
mod composer;
mod conversation;
mod entry;
mod guard;
mod guarded;
mod live;
mod options;
mod shown;
#[cfg(feature = "ssr")]
mod written;

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::{A, Outlet};

pub(crate) use asked::AnswerInChat;
pub(crate) use conversation::Conversation;
pub(crate) use guarded::FieldForMoved;
pub(crate) use options::OptionsDialog;
pub use shown::ShownEntry;
#[cfg(feature = "ssr")]
pub(crate) use written::{who, written};
#[cfg(feature = "ssr")]
pub use {shown::ChatUpdate, written::update};

use self::composer::{Composer, Sending};
use self::guard::Dismissed;
use crate::api::chat::{CHATS, ChatLink, ChatsHere, ListChats, StartChat, list_chats};
use crate::components::form::FormState;
use crate::components::icon::{Glyph, Icon};
use crate::components::leave::{Unloadable, go};
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::source::Source;

/// The context that holds the list of chats, for the one that is open: what is said in it changes the order.
#[derive(Clone, Copy)]
struct Chats(Source<ChatsHere>);

/// The list of chats, and beside it the one that is open.
#[component]
pub(crate) fn ChatPage() -> impl IntoView {
    let chats = Source::new(ListChats::PATH, list_chats);
    provide_context(Chats(chats));
    Dismissed::provide();
    let list = loaded("Loading…", move || async move {
        match chats.read().await {
            Ok(all) if all.chats.is_empty() => view! { <p class="chats__none">"None yet."</p> }.erased(),
            Ok(all) => view! { <ul class="chats__list">{all.chats.into_iter().map(row).collect_view()}</ul> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    });
    view! {
        <div class="chats">
            <nav class="chats__side" aria-label="Chats">
                <A href=CHATS exact=true attr:class="button chats__new">
                    <Icon glyph=Glyph::Add />
                    "New chat"
                </A>
                <details class="chats__all" open>
                    <summary>"Your chats"</summary>
                    {list}
                </details>
            </nav>
            <div class="chats__open">
                <Outlet />
            </div>
        </div>
    }
    .erased()
}

fn row(chat: ChatLink) -> impl IntoView {
    view! {
        <li>
            <A href=format!("{CHATS}/{}", chat.id) attr:class="chats__link">
                {chat.title}
            </A>
        </li>
    }
}

/// A chat that has not begun.
#[component]
pub(crate) fn NewChat() -> impl IntoView {
    let Chats(chats) = expect_context();
    let go = go();
    let state = FormState::new::<StartChat, _>(move |id: String| {
        chats.refetch();
        go(&format!("{CHATS}/{id}"));
    });
    view! {
        <Title text="Chat · Strongroom" />
        <div class="chat">
            <div class="chat__start">
                <h1 tabindex="-1">"Chat"</h1>
                <p class="page__lead">
                    "Ask for something that needs a key. The agent uses your secrets by name, and asks you in a secure field for what is missing. It never sees a value."
                </p>
                <Who />
                <p class="chat__try">
                    "For example: " <q>"Search X for recent mentions using my X_BEARER_TOKEN secret"</q>
                </p>
            </div>
            <Composer state sending=Sending::First />
        </div>
    }
    .erased()
}

/// Who answers, and what does not work here.
#[component]
fn Who() -> impl IntoView {
    let Chats(chats) = expect_context();
    loaded("", move || async move {
        match chats.read().await {
            // The server's own, made of views.
            Ok(ChatsHere { who, .. }) => view! { <div class="chat__who" inner_html=who></div> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    })
}
