//! Platforms: agent products that keep their users' secrets on this server. The owner's alone.

use domain::PlatformView;
use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::{NewToken, Reply};
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::ssr::{self, Done, Form, Outcome};
#[cfg(feature = "ssr")]
use domain::FieldError;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::{Actor, Error, NewPlatform, PlatformKey};

#[cfg(feature = "ssr")]
const NEW: &str = "/settings/platforms/new";
#[cfg(feature = "ssr")]
const ROTATE: &str = "/settings/platforms/rotate";

/// The server's platforms; `None` for anybody but its owner, to whom they are not shown.
#[server(name = ListPlatforms, prefix = "/api/ui", endpoint = "/list-platforms")]
pub(crate) async fn list_platforms() -> Result<Option<Vec<PlatformView>>, UiError> {
    let actor = ssr::actor().await?;
    match ssr::backend()?.vault.platforms().list(&actor).await {
        Ok(platforms) => Ok(Some(platforms)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(ssr::unreadable(&error)),
    }
}

/// Adds a platform. The answer holds its key, this once. `origins` are separated by blanks or lines.
#[server(name = CreatePlatform, prefix = "/api/ui", endpoint = "/create-platform")]
pub(crate) async fn create_platform(
    #[server(default)] name: String,
    #[server(default)] origins: String,
    #[server(default)] request_url: String,
    #[server(default)] most_users: String,
    #[server(default)] password: SubmittedValue,
) -> Result<Reply<NewToken>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(CreatePlatform::PATH, NEW)
        .keep("name", &name)
        .keep("origins", &origins)
        .keep("request_url", &request_url)
        .keep("most_users", &most_users);
    let new = NewPlatform {
        name,
        origins: origins.split_whitespace().map(str::to_owned).collect(),
        request_url: Some(request_url.trim().to_owned()).filter(|url| !url.is_empty()),
        // What is no number is refused as one that is too small.
        most_users: Some(most_users.trim())
            .filter(|text| !text.is_empty())
            .map(|text| text.parse().unwrap_or(0)),
    };
    form.answer_with_token(add(&actor, new, password).await)
}

/// Makes another key for a platform. The answer holds it, this once.
#[server(name = RotatePlatform, prefix = "/api/ui", endpoint = "/rotate-platform")]
pub(crate) async fn rotate_platform(
    #[server(default)] name: String,
    #[server(default)] password: SubmittedValue,
) -> Result<Reply<NewToken>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(RotatePlatform::PATH, ROTATE).keep("name", &name);
    form.answer_with_token(rotate(&actor, &name, password).await)
}

/// Removes a platform with all of its users.
#[server(name = RemovePlatform, prefix = "/api/ui", endpoint = "/remove-platform")]
pub(crate) async fn remove_platform(
    #[server(default)] name: String,
    #[server(default)] password: SubmittedValue,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(RemovePlatform::PATH, "/settings").of_row();
    form.answer(remove(&actor, &name, password).await)
}

#[cfg(feature = "ssr")]
async fn add(actor: &Actor, new: NewPlatform, password: SubmittedValue) -> Outcome<NewToken> {
    let password = typed(password)?;
    let added = ssr::backend()?.vault.platforms().add(actor, new, &password).await?;
    Ok(shown(added, NEW))
}

#[cfg(feature = "ssr")]
async fn rotate(actor: &Actor, name: &str, password: SubmittedValue) -> Outcome<NewToken> {
    let password = typed(password)?;
    let rotated = ssr::backend()?.vault.platforms().rotate(actor, name, &password).await?;
    Ok(shown(rotated, ROTATE))
}

#[cfg(feature = "ssr")]
async fn remove(actor: &Actor, name: &str, password: SubmittedValue) -> Outcome<()> {
    let password = typed(password)?;
    ssr::backend()?.vault.platforms().remove(actor, name, &password).await?;
    Ok(Done {
        value: (),
        notice: format!("{name} is removed, with all of its users and their secrets."),
        next: "/settings".to_owned(),
    })
}

#[cfg(feature = "ssr")]
fn typed(password: SubmittedValue) -> Result<domain::RawValue, FieldError> {
    if password.is_empty() {
        let message = "Type your password: a platform's key reaches the values of its users.";
        return Err(FieldError::new("password", "password.needed", message));
    }
    Ok(password.into_raw())
}

#[cfg(feature = "ssr")]
fn shown(made: PlatformKey, page: &str) -> Done<NewToken> {
    Done {
        // Exposed to the owner, this once.
        value: NewToken {
            label: made.view.name,
            token: made.key.expose().to_owned(),
        },
        notice: String::new(),
        next: page.to_owned(),
    }
}
