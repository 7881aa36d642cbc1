//! Sandboxes that are live: the only places that values go.

use domain::SandboxView;
use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::Reply;

#[cfg(feature = "ssr")]
use crate::ssr::{self, Done, Form, Outcome};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::Actor;

/// The account's live sandboxes.
#[server(name = ListSandboxes, prefix = "/api/ui", endpoint = "/list-sandboxes")]
pub(crate) async fn list_sandboxes() -> Result<Vec<SandboxView>, UiError> {
    let actor = ssr::actor().await?;
    ssr::backend()?
        .vault
        .sandboxes()
        .list(&actor)
        .await
        .map_err(|error| ssr::unreadable(&error))
}

/// Closes a sandbox's session: its token stops working at once.
#[server(name = CloseSandbox, prefix = "/api/ui", endpoint = "/close-sandbox")]
pub(crate) async fn close_sandbox(#[server(default)] id: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(CloseSandbox::PATH, "/settings").of_row();
    form.answer(close(&actor, &id).await)
}

#[cfg(feature = "ssr")]
async fn close(actor: &Actor, id: &str) -> Outcome<()> {
    ssr::backend()?.vault.sandboxes().close(actor, id).await?;
    let notice = "The sandbox gets nothing any more. What it fetched before stays in its memory until it ends.";
    Ok(Done {
        value: (),
        notice: notice.to_owned(),
        next: "/settings".to_owned(),
    })
}
