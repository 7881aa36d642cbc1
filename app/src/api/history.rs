//! The values that a secret has had, without the values.

use domain::VersionView;
use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::Reply;

#[cfg(feature = "ssr")]
use super::secrets::{done, page_of};
#[cfg(feature = "ssr")]
use crate::ssr::{self, Form, Outcome};
#[cfg(feature = "ssr")]
use domain::SecretName;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::{Actor, Error};

/// The page of a secret's earlier values.
#[cfg(feature = "ssr")]
const HISTORY: &str = "history";

/// All of a secret's, the one in force first; `None` for a secret that is not there.
#[server(name = ListVersions, prefix = "/api/ui", endpoint = "/list-versions")]
pub(crate) async fn list_versions(#[server(default)] name: String) -> Result<Option<Vec<VersionView>>, UiError> {
    let actor = ssr::actor().await?;
    let Ok(name) = SecretName::from_stored(&name) else {
        return Ok(None);
    };
    match ssr::backend()?.vault.secrets().history(&actor, &name).await {
        Ok(versions) => Ok(Some(versions)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(ssr::unreadable(&error)),
    }
}

/// Puts an earlier value in force.
#[server(name = PutBack, prefix = "/api/ui", endpoint = "/put-back")]
pub(crate) async fn put_back(
    #[server(default)] name: String,
    #[server(default)] version: i64,
    #[server(default)] etag: String,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(PutBack::PATH, page_of(&name, HISTORY)).of_row();
    form.answer(again(&actor, &name, version, &etag).await)
}

/// Forgets the earlier values.
#[server(name = ForgetHistory, prefix = "/api/ui", endpoint = "/forget-history")]
pub(crate) async fn forget_history(#[server(default)] name: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(ForgetHistory::PATH, page_of(&name, HISTORY)).of_row();
    form.answer(forget(&actor, &name).await)
}

#[cfg(feature = "ssr")]
async fn again(actor: &Actor, name: &str, version: i64, etag: &str) -> Outcome<()> {
    let name = SecretName::from_stored(name).map_err(|_| Error::NotFound)?;
    let seen = Some(etag).filter(|etag| !etag.is_empty());
    let backend = ssr::backend()?;
    backend.vault.secrets().put_back(actor, &name, version, seen).await?;
    let notice = format!("The earlier value of {name} is in force. Sandboxes get it at their next fetch.");
    Ok(done(notice))
}

#[cfg(feature = "ssr")]
async fn forget(actor: &Actor, name: &str) -> Outcome<()> {
    let name = SecretName::from_stored(name).map_err(|_| Error::NotFound)?;
    ssr::backend()?.vault.secrets().forget_history(actor, &name).await?;
    Ok(done(format!("The earlier values of {name} are forgotten.")))
}
