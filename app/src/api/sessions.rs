//! Browsers that are signed in.

use domain::SessionView;
use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::Reply;

#[cfg(feature = "ssr")]
use crate::ssr::{self, Done, Form, Outcome};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::Actor;

/// The browsers that are signed in to this account.
#[server(name = ListSessions, prefix = "/api/ui", endpoint = "/list-sessions")]
pub(crate) async fn list_sessions() -> Result<Vec<SessionView>, UiError> {
    let actor = ssr::actor().await?;
    ssr::backend()?
        .vault
        .accounts()
        .sessions(&actor)
        .await
        .map_err(|error| ssr::unreadable(&error))
}

/// Signs another browser out.
#[server(name = EndSession, prefix = "/api/ui", endpoint = "/end-session")]
pub(crate) async fn end_session(#[server(default)] id: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(EndSession::PATH, "/settings").of_row();
    form.answer(end(&actor, &id).await)
}

#[cfg(feature = "ssr")]
async fn end(actor: &Actor, id: &str) -> Outcome<()> {
    ssr::backend()?.vault.accounts().end_session(actor, id).await?;
    Ok(Done {
        value: (),
        notice: "That browser is signed out.".to_owned(),
        next: "/settings".to_owned(),
    })
}
