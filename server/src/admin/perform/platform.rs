//! What the operator does about platforms.

use domain::RawValue;
use vault::{Error, NewPlatform, PlatformKey, Vault};

use super::failure;
use crate::admin::AdminReply;

pub(super) async fn add(vault: &Vault, new: NewPlatform) -> Result<AdminReply, String> {
    let added = vault.operator().add_platform(new).await;
    added.map(shown).map_err(|error| failure(&error))
}

pub(super) async fn rotate(vault: &Vault, name: &str) -> Result<AdminReply, String> {
    let rotated = vault.operator().rotate_platform(name).await;
    rotated.map(shown).map_err(|error| refusal(name, &error))
}

pub(super) async fn remove(vault: &Vault, name: &str) -> Result<AdminReply, String> {
    let removed = vault.operator().remove_platform(name).await;
    removed.map_err(|error| refusal(name, &error))?;
    Ok(AdminReply::Done {
        message: format!("The platform {name} was removed, with all of its users and their secrets."),
    })
}

/// One a line: name, users, key, origins, request page.
pub(super) async fn list(vault: &Vault) -> Result<AdminReply, String> {
    let platforms = vault.operator().platforms().await.map_err(|error| failure(&error))?;
    let lines: Vec<String> = platforms
        .iter()
        .map(|platform| {
            format!(
                "{}  {} of {} users  key {}  shown at {}  requests at {}",
                platform.name,
                platform.users,
                platform.most_users,
                platform.hint,
                platform.origins.join(", "),
                platform.request_url.as_deref().unwrap_or("no page"),
            )
        })
        .collect();
    Ok(AdminReply::Done {
        message: if lines.is_empty() {
            "There are no platforms.".to_owned()
        } else {
            lines.join("\n")
        },
    })
}

/// Exposed to be printed once, which is what the command is for.
fn shown(made: PlatformKey) -> AdminReply {
    AdminReply::Token {
        token: RawValue::new(made.key.expose().to_owned()),
    }
}

fn refusal(name: &str, error: &Error) -> String {
    match error {
        Error::NotFound => format!("There is no platform named {name}."),
        error => failure(error),
    }
}
