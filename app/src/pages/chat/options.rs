//! What a chat is called, what its runs may do, and deleting it.

use domain::chat::{ConversationSettings, ConversationView};
use leptos::prelude::*;

use super::Chats;
use crate::api::chat::{CHATS, ChangeChat, DeleteChat, OpenedChat};
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::icon::{Glyph, Icon};
use crate::components::leave::go;
use crate::erase::Erase;
use crate::source::Source;

#[component]
pub(super) fn Options(
    chat: ConversationView,
    settings: ConversationSettings,
    /// All secrets, to choose from.
    names: Vec<String>,
    source: Source<Option<OpenedChat>>,
) -> impl IntoView {
    let Chats(chats) = expect_context();
    let go = go();
    let state = FormState::new::<ChangeChat, _>(move |()| {
        chats.refetch();
        source.refetch();
    });
    let deleting = FormState::new::<DeleteChat, _>(move |()| {
        chats.refetch();
        go(CHATS);
    });
    let given = settings.names.as_ref().map_or_else(
        || "all secrets".to_owned(),
        |names| match names.len() {
            0 => "no secrets".to_owned(),
            1 => "1 secret".to_owned(),
            number => format!("{number} secrets"),
        },
    );
    let network = if settings.network { "network on" } else { "no network" };
    let (id, id_to_delete) = (chat.id.clone(), chat.id);
    let narrowed = settings.names.is_some();
    let chosen = settings.names.unwrap_or_default();
    let choices = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let checked = chosen.iter().any(|chosen| chosen.as_str() == name);
            view! {
                <label class="choice">
                    <input type="checkbox" name=format!("names[{index}]") value=name.clone() checked=checked />
                    <code>{name}</code>
                </label>
            }
        })
        .collect_view();
    view! {
        <details class="options">
            <summary class="button button--small">
                <Icon glyph=Glyph::Settings />
                <span>{given} ", " {network}</span>
            </summary>
            <div class="options__panel">
                <UiForm state class="form" fields=&["title"]>
                    <input type="hidden" name="id" value=id />
                    <TextField state name="title" label="Title" typing=Typing::TEXT initial=chat.title id="chat-title" />
                    <fieldset class="fieldset">
                        <legend class="label">"Code that the agent runs here"</legend>
                        <label class="choice">
                            <input type="checkbox" name="network" value="true" checked=settings.network />
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
                    <Submit state label="Save" waiting="Saving…" />
                </UiForm>
                <details class="options__delete">
                    <summary>"Delete this chat…"</summary>
                    <UiForm state=deleting class="form">
                        <p>"Deletes all that stands in it, for good. Your secrets stay."</p>
                        <input type="hidden" name="id" value=id_to_delete />
                        <Submit
                            state=deleting
                            label="Delete chat"
                            waiting="Deleting…"
                            class="button button--danger button--small"
                        />
                    </UiForm>
                </details>
            </div>
        </details>
    }
    .erased()
}
