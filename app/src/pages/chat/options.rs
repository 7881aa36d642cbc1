//! What a chat is called, what its runs may do, and deleting it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::Chats;
use super::conversation::OfChat;
use crate::api::chat::{CHATS, ChangeChat, ChatOptions, DeleteChat, OptionsOfChat, options_of_chat};
use crate::components::dialog::{Cancel, Dialog};
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::leave::{Unloadable, go};
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::source::Source;

#[component]
pub(crate) fn OptionsDialog() -> impl IntoView {
    let OfChat { id, .. } = expect_context();
    let options: Source<Option<ChatOptions>> = Source::asking(
        OptionsOfChat::PATH,
        move || format!("id={}", id.get()),
        move || options_of_chat(id.get_untracked()),
    );
    let form = loaded("Loading…", move || async move {
        match options.read_once().await {
            Ok(Some(options)) => view! { <OptionsForm options /> }.erased(),
            Ok(None) => view! { <p>"There is no such chat. It was deleted, or it is not yours."</p> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    });
    view! {
        <Title text="Options of a chat · Strongroom" />
        <Dialog title="Options of this chat" back=page_of(&id.get_untracked())>
            {form}
        </Dialog>
    }
    .erased()
}

#[component]
fn OptionsForm(options: ChatOptions) -> impl IntoView {
    let Chats(chats) = expect_context();
    let OfChat { id, opened } = expect_context();
    let id = id.get_untracked();
    let back = page_of(&id);
    let finish = {
        let (go, back) = (go(), back.clone());
        move |()| {
            chats.refetch();
            opened.refetch();
            go(&back);
        }
    };
    let state = FormState::new::<ChangeChat, _>(finish);
    let ChatOptions {
        title,
        network,
        narrowed,
        names,
    } = options;
    let choices = names
        .into_iter()
        .enumerate()
        .map(|(index, (name, chosen))| {
            view! {
                <label class="choice">
                    <input type="checkbox" name=format!("names[{index}]") value=name.clone() checked=chosen />
                    <code>{name}</code>
                </label>
            }
        })
        .collect_view();
    let to_delete = id.clone();
    view! {
        <UiForm state class="form" fields=&["title"]>
            <input type="hidden" name="id" value=id />
            <TextField state name="title" label="Title" typing=Typing::TEXT initial=title id="chat-title" />
            <fieldset class="fieldset">
                <legend class="label">"Code that the agent runs here"</legend>
                <label class="choice">
                    <input type="checkbox" name="network" value="true" checked=network />
                    <span>"Can reach the internet"</span>
                </label>
                <label class="choice">
                    <input type="radio" name="narrowed" value="false" checked=!narrowed />
                    <span>"Gets all of your secrets"</span>
                </label>
                <label class="choice">
                    <input type="radio" class="narrows" name="narrowed" value="true" checked=narrowed />
                    <span>"Gets these only:"</span>
                </label>
                <div class="options__names">{choices}</div>
            </fieldset>
            <div class="dialog__foot">
                <Cancel back />
                <Submit state label="Save" waiting="Saving…" />
            </div>
        </UiForm>
        <DeleteHere id=to_delete />
    }
    .erased()
}

/// Deleting the chat, one step away.
#[component]
fn DeleteHere(id: String) -> impl IntoView {
    let Chats(chats) = expect_context();
    let go = go();
    let state = FormState::new::<DeleteChat, _>(move |()| {
        chats.refetch();
        go(CHATS);
    });
    view! {
        <details class="options__delete">
            <summary>"Delete this chat…"</summary>
            <UiForm state class="form">
                <p>"Deletes all that stands in it, for good. Your secrets stay."</p>
                <input type="hidden" name="id" value=id />
                <Submit state label="Delete chat" waiting="Deleting…" class="button button--danger button--small" />
            </UiForm>
        </details>
    }
    .erased()
}

fn page_of(id: &str) -> String {
    format!("{CHATS}/{id}")
}
