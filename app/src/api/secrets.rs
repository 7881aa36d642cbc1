//! Secrets: listed without their values, added, changed, deleted.

use domain::SecretView;
use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::Reply;
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::{
    next::HOME,
    ssr::{self, Done, Form, Outcome},
};
#[cfg(feature = "ssr")]
use domain::{Description, FieldError, SecretName, normalise};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::{Actor, NewSecret, SecretChange};

/// All secrets of the account by name, without their values.
#[server(name = ListSecrets, prefix = "/api/ui", endpoint = "/list-secrets")]
pub(crate) async fn list_secrets() -> Result<Vec<SecretView>, UiError> {
    let actor = ssr::actor().await?;
    ssr::backend()?
        .vault
        .secrets()
        .list(&actor)
        .await
        .map_err(|error| ssr::unreadable(&error))
}

/// Adds a secret.
#[server(name = CreateSecret, prefix = "/api/ui", endpoint = "/create-secret")]
pub(crate) async fn create_secret(
    #[server(default)] name: String,
    #[server(default)] value: SubmittedValue,
    #[server(default)] description: String,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(CreateSecret::PATH, "/secrets/new")
        .keep("name", &name)
        .keep("description", &description);
    form.answer(store(&actor, &name, value, &description).await)
}

#[cfg(feature = "ssr")]
async fn store(actor: &Actor, name: &str, value: SubmittedValue, description: &str) -> Outcome<()> {
    let backend = ssr::backend()?;
    // The field does the same while one types; without scripts it is done here.
    let name = SecretName::parse(&normalise(name));
    // A browser posts each line break as CRLF.
    let value = value.into_raw().with_lf().check();
    let description = Description::parse(description);
    let (name, value, description) = match (name, value, description) {
        (Ok(name), Ok(value), Ok(description)) => (name, value, description),
        (name, value, description) => {
            let errors = [
                name.err().map(FieldError::from),
                value.err().map(FieldError::from),
                description.err().map(FieldError::from),
            ];
            return Err(errors.into_iter().flatten().collect::<Vec<_>>().into());
        }
    };
    let stored = backend
        .vault
        .secrets()
        .create(
            actor,
            NewSecret {
                name,
                value,
                description,
            },
        )
        .await?;
    Ok(done(format!("{} is saved.", stored.name)))
}

/// Changes the value, the description or both. An empty value keeps the one that is stored.
#[server(name = UpdateSecret, prefix = "/api/ui", endpoint = "/update-secret")]
pub(crate) async fn update_secret(
    #[server(default)] name: String,
    #[server(default)] value: SubmittedValue,
    #[server(default)] description: String,
    #[server(default)] etag: String,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(UpdateSecret::PATH, page_of(&name, "edit")).keep("description", &description);
    form.answer(change(&actor, &name, value, &description, &etag).await)
}

#[cfg(feature = "ssr")]
async fn change(actor: &Actor, name: &str, value: SubmittedValue, description: &str, etag: &str) -> Outcome<()> {
    let backend = ssr::backend()?;
    let name = SecretName::from_stored(name).map_err(|_| vault::Error::NotFound)?;
    let value = if value.is_empty() {
        None
    } else {
        Some(value.into_raw().with_lf().check())
    };
    let (value, description) = match (value.transpose(), Description::parse(description)) {
        (Ok(value), Ok(description)) => (value, description),
        (value, description) => {
            let errors = [
                value.err().map(FieldError::from),
                description.err().map(FieldError::from),
            ];
            return Err(errors.into_iter().flatten().collect::<Vec<_>>().into());
        }
    };
    let notice = match value {
        Some(_) => format!("{name} is changed. Sandboxes get the new value at their next fetch."),
        None => format!("{name} is saved. Its value is the same as before."),
    };
    let seen = Some(etag).filter(|etag| !etag.is_empty());
    let change = SecretChange {
        value,
        description: Some(description),
    };
    backend.vault.secrets().update(actor, &name, change, seen).await?;
    Ok(done(notice))
}

/// Deletes a secret, value and all.
#[server(name = DeleteSecret, prefix = "/api/ui", endpoint = "/delete-secret")]
pub(crate) async fn delete_secret(#[server(default)] name: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(DeleteSecret::PATH, page_of(&name, "delete"));
    form.answer(remove(&actor, &name).await)
}

#[cfg(feature = "ssr")]
async fn remove(actor: &Actor, name: &str) -> Outcome<()> {
    let backend = ssr::backend()?;
    let name = SecretName::from_stored(name).map_err(|_| vault::Error::NotFound)?;
    backend.vault.secrets().delete(actor, &name).await?;
    Ok(done(format!("{name} is deleted.")))
}

#[cfg(feature = "ssr")]
pub(super) fn done(notice: String) -> Done<()> {
    Done {
        value: (),
        notice,
        next: HOME.to_owned(),
    }
}

/// The page of one secret's dialog; the list, where the name is none (only a form that was tampered with).
#[cfg(feature = "ssr")]
pub(super) fn page_of(name: &str, dialog: &str) -> String {
    match SecretName::from_stored(name) {
        Ok(name) => format!("{HOME}/{name}/{dialog}"),
        Err(_) => HOME.to_owned(),
    }
}
