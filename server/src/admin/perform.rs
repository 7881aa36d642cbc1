//! Carrying a command out, in the server or in the command's own process.

use domain::{LoginName, RawValue, Scopes};
use vault::{Error, NewPlatform, Vault};

mod platform;
mod upkeep;

pub(super) use upkeep::told;

use super::{AdminReply, AdminRequest};

pub(super) async fn perform(vault: &Vault, request: AdminRequest) -> AdminReply {
    let outcome = match request {
        AdminRequest::UserAdd { name, password } => add_user(vault, &name, &password).await,
        AdminRequest::UserSetPassword { name, password } => set_password(vault, &name, &password).await,
        AdminRequest::TokenCreate { user, scopes, label } => create_token(vault, &user, &scopes, label).await,
        AdminRequest::PlatformAdd {
            name,
            origins,
            request_url,
            most_users,
        } => {
            let new = NewPlatform {
                name,
                origins,
                request_url,
                most_users,
            };
            platform::add(vault, new).await
        }
        AdminRequest::PlatformList => platform::list(vault).await,
        AdminRequest::PlatformRotate { name } => platform::rotate(vault, &name).await,
        AdminRequest::PlatformRemove { name } => platform::remove(vault, &name).await,
        AdminRequest::KeyStatus => upkeep::key_status(vault).await,
        AdminRequest::RotateRoot => upkeep::rotate_root(vault).await,
        AdminRequest::RotateTerm => upkeep::rotate_term(vault).await,
        AdminRequest::RotateUser { name } => upkeep::rotate_user(vault, &name).await,
        AdminRequest::Backup { path } => upkeep::back_up(vault, &path).await,
        AdminRequest::Doctor => upkeep::examine(vault).await,
        AdminRequest::Accept { account } => upkeep::accept(vault, &account).await,
    };
    outcome.unwrap_or_else(|message| AdminReply::Refused { message })
}

async fn add_user(vault: &Vault, name: &str, password: &RawValue) -> Result<AdminReply, String> {
    let login = login(name)?;
    let shown = login.as_typed().to_owned();
    vault
        .operator()
        .add_user(login, password)
        .await
        .map_err(|error| refusal(&shown, &error))?;
    Ok(AdminReply::Done {
        message: format!("The account {shown} was added."),
    })
}

async fn set_password(vault: &Vault, name: &str, password: &RawValue) -> Result<AdminReply, String> {
    let login = login(name)?;
    vault
        .operator()
        .set_password(&login, password)
        .await
        .map_err(|error| refusal(name, &error))?;
    Ok(AdminReply::Done {
        message: format!(
            "The password of {} was replaced, and its sessions were ended.",
            login.as_typed()
        ),
    })
}

async fn create_token(vault: &Vault, user: &str, scopes: &str, label: String) -> Result<AdminReply, String> {
    let login = login(user)?;
    let scopes = Scopes::parse(scopes).map_err(|error| error.to_string())?;
    let created = vault
        .operator()
        .create_token(&login, label, scopes)
        .await
        .map_err(|error| refusal(user, &error))?;
    // Exposed to be printed once, which is what the command is for.
    Ok(AdminReply::Token {
        token: RawValue::new(created.token.expose().to_owned()),
    })
}

fn login(name: &str) -> Result<LoginName, String> {
    LoginName::parse(name).map_err(|error| error.to_string())
}

fn refusal(name: &str, error: &Error) -> String {
    match error {
        Error::NotFound => format!("There is no account named {name}."),
        error => failure(error),
    }
}

fn failure(error: &Error) -> String {
    match error {
        Error::Storage(_) | Error::Corrupt { .. } | Error::NoRandom => {
            tracing::error!(error = %error, "A command of the operator failed");
            error.to_string()
        }
        _ => error.to_string(),
    }
}
