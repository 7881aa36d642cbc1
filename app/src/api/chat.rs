//! Chats: listed, opened, and what is said in them.
//!
//! What comes to stand in one while it is open is told by the server's own stream (`/chat/{id}/events`).

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::pages::chat::ShownEntry;
use crate::reply::Reply;

#[cfg(feature = "ssr")]
use crate::pages::chat::{who, written};
#[cfg(feature = "ssr")]
use crate::ssr::{self, Done, Form, Outcome};
#[cfg(feature = "ssr")]
use domain::SecretName;
#[cfg(feature = "ssr")]
use domain::chat::{ConversationSettings, ConversationView};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::{Actor, Error};

/// The page of all chats.
pub(crate) const CHATS: &str = "/chat";
/// What the page of a chat's options ends in.
pub(crate) const OPTIONS: &str = "/options";

/// All chats, and who answers in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChatsHere {
    /// What changed last first.
    pub(crate) chats: Vec<ChatLink>,
    /// Who answers, and what does not work here, as HTML.
    pub(crate) who: String,
}

/// A chat in the list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChatLink {
    /// For its address.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
}

/// A chat, and what its page needs beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenedChat {
    /// For its address.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// What its runs are given, in a word: `2 secrets, network on`.
    pub(crate) given: String,
    /// What stands in it, in order.
    pub(crate) entries: Vec<ShownEntry>,
    /// Whether the agent is at work.
    pub(crate) working: bool,
}

/// What can be set in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChatOptions {
    /// What it is called.
    pub(crate) title: String,
    /// Whether its runs can reach the network.
    pub(crate) network: bool,
    /// Whether they are given the chosen secrets only.
    pub(crate) narrowed: bool,
    /// All secrets by name, and whether each is chosen.
    pub(crate) names: Vec<(String, bool)>,
}

/// The account's chats.
#[server(name = ListChats, prefix = "/api/ui", endpoint = "/list-chats")]
pub(crate) async fn list_chats() -> Result<ChatsHere, UiError> {
    let actor = ssr::actor().await?;
    let backend = ssr::backend()?;
    let chats = backend.vault.conversations().list(&actor).await;
    let link = |chat: ConversationView| ChatLink {
        id: chat.id,
        title: chat.title,
    };
    Ok(ChatsHere {
        chats: chats
            .map_err(|error| ssr::unreadable(&error))?
            .into_iter()
            .map(link)
            .collect(),
        who: who(backend.agents.about().await),
    })
}

/// One chat; `None` for one that is not there, or somebody else's.
#[server(name = OpenChat, prefix = "/api/ui", endpoint = "/open-chat")]
pub(crate) async fn open_chat(#[server(default)] id: String) -> Result<Option<OpenedChat>, UiError> {
    let actor = ssr::actor().await?;
    let backend = ssr::backend()?;
    let unreadable = |error: Error| ssr::unreadable(&error);
    let chat = match backend.agents.open(&actor, &id).await {
        Ok(chat) => chat,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let written = |shown| written(shown, &chat.gone);
    Ok(Some(OpenedChat {
        id: chat.conversation.id,
        title: chat.conversation.title,
        given: given(&chat.settings),
        entries: chat.entries.into_iter().map(written).collect(),
        working: chat.working,
    }))
}

/// What can be set in a chat; `None` as for [`open_chat`].
#[server(name = OptionsOfChat, prefix = "/api/ui", endpoint = "/options-of-chat")]
pub(crate) async fn options_of_chat(#[server(default)] id: String) -> Result<Option<ChatOptions>, UiError> {
    let actor = ssr::actor().await?;
    let vault = ssr::backend()?.vault;
    let unreadable = |error: Error| ssr::unreadable(&error);
    let chat = match vault.conversations().open(&actor, &id).await {
        Ok(chat) => chat,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let chosen = chat.settings.names;
    let names = vault.secrets().list(&actor).await.map_err(unreadable)?;
    let names = names.into_iter().map(|secret| {
        let is_chosen = chosen.as_ref().is_some_and(|chosen| chosen.contains(&secret.name));
        (secret.name.to_string(), is_chosen)
    });
    Ok(Some(ChatOptions {
        title: chat.view.title,
        network: chat.settings.network,
        narrowed: chosen.is_some(),
        names: names.collect(),
    }))
}

/// Begins a chat by its first message; gives its id.
#[server(name = StartChat, prefix = "/api/ui", endpoint = "/start-chat")]
pub(crate) async fn start_chat(#[server(default)] message: String) -> Result<Reply<String>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(StartChat::PATH, CHATS).keep("message", &message);
    form.answer(start(&actor, &message).await)
}

/// Says something in a chat.
#[server(name = SayInChat, prefix = "/api/ui", endpoint = "/say-in-chat")]
pub(crate) async fn say_in_chat(
    #[server(default)] id: String,
    #[server(default)] message: String,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(SayInChat::PATH, page_of(&id)).keep("message", &message);
    form.answer(say(&actor, &id, &message).await)
}

/// Stops the agent of a chat.
#[server(name = StopChat, prefix = "/api/ui", endpoint = "/stop-chat")]
pub(crate) async fn stop_chat(#[server(default)] id: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(StopChat::PATH, page_of(&id)).of_row();
    form.answer(stop(&actor, &id).await)
}

/// Renames a chat, and sets what its runs may do.
#[server(name = ChangeChat, prefix = "/api/ui", endpoint = "/change-chat")]
pub(crate) async fn change_chat(
    #[server(default)] id: String,
    #[server(default)] title: String,
    #[server(default)] network: bool,
    #[server(default)] narrowed: bool,
    #[server(default)] names: Vec<String>,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(ChangeChat::PATH, options_page_of(&id)).keep("title", &title);
    form.answer(change(&actor, &id, &title, network, narrowed.then_some(names)).await)
}

/// Deletes a chat with all that stands in it.
#[server(name = DeleteChat, prefix = "/api/ui", endpoint = "/delete-chat")]
pub(crate) async fn delete_chat(#[server(default)] id: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(DeleteChat::PATH, options_page_of(&id));
    form.answer(delete(&actor, &id).await)
}

#[cfg(feature = "ssr")]
fn given(settings: &ConversationSettings) -> String {
    let secrets = match settings.names.as_ref().map(Vec::len) {
        None => "all secrets".to_owned(),
        Some(0) => "no secrets".to_owned(),
        Some(1) => "1 secret".to_owned(),
        Some(number) => format!("{number} secrets"),
    };
    let network = if settings.network { "network on" } else { "no network" };
    format!("{secrets}, {network}")
}

#[cfg(feature = "ssr")]
async fn start(actor: &Actor, message: &str) -> Outcome<String> {
    let backend = ssr::backend()?;
    let chats = backend.vault.conversations();
    let made = chats.create(actor, message).await?;
    if let Err(error) = backend.agents.say(actor, &made.id, message).await {
        // A chat in which nothing was said is none.
        chats.delete(actor, &made.id).await?;
        return Err(error.into());
    }
    let next = page_of(&made.id);
    Ok(Done {
        value: made.id,
        notice: String::new(),
        next,
    })
}

#[cfg(feature = "ssr")]
async fn say(actor: &Actor, id: &str, message: &str) -> Outcome<()> {
    ssr::backend()?.agents.say(actor, id, message).await?;
    Ok(done(String::new(), page_of(id)))
}

#[cfg(feature = "ssr")]
async fn stop(actor: &Actor, id: &str) -> Outcome<()> {
    ssr::backend()?.agents.stop(actor, id).await?;
    Ok(done(String::new(), page_of(id)))
}

#[cfg(feature = "ssr")]
async fn change(actor: &Actor, id: &str, title: &str, network: bool, names: Option<Vec<String>>) -> Outcome<()> {
    let backend = ssr::backend()?;
    let known = |name: &String| SecretName::from_stored(name).ok();
    let settings = ConversationSettings {
        network,
        names: names.map(|names| names.iter().filter_map(known).collect()),
    };
    let chats = backend.vault.conversations();
    chats.change_options(actor, id, title, settings).await?;
    Ok(done("Saved. It counts from the next run on.".to_owned(), page_of(id)))
}

#[cfg(feature = "ssr")]
async fn delete(actor: &Actor, id: &str) -> Outcome<()> {
    let backend = ssr::backend()?;
    // What is at work in it has nowhere to write any more.
    backend.agents.stop(actor, id).await?;
    backend.vault.conversations().delete(actor, id).await?;
    Ok(done("The chat is deleted.".to_owned(), CHATS.to_owned()))
}

#[cfg(feature = "ssr")]
fn done(notice: String, next: String) -> Done<()> {
    Done {
        value: (),
        notice,
        next,
    }
}

/// A chat's page; the list, where the id is none (only a form that was tampered with).
#[cfg(feature = "ssr")]
fn page_of(id: &str) -> String {
    let plain = id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if plain && !id.is_empty() {
        format!("{CHATS}/{id}")
    } else {
        CHATS.to_owned()
    }
}

/// The page of what can be set in a chat.
#[cfg(feature = "ssr")]
fn options_page_of(id: &str) -> String {
    format!("{}{OPTIONS}", page_of(id))
}
