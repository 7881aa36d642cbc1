//! What the operator does about keys, backups and the state of it all.

use std::path::Path;

use vault::{Error, Examined, UpkeepError, Vault};

use super::{failure, login};
use crate::admin::AdminReply;

const DAY_MS: i64 = 24 * 3600 * 1000;

type Outcome = Result<AdminReply, String>;

pub(super) async fn key_status(vault: &Vault) -> Outcome {
    let status = vault.upkeep().key_status().await.map_err(|error| refusal(&error))?;
    let place = match &status.root_file {
        Some(path) => path.display().to_string(),
        None => "handed in through STRONGROOM_ROOT_KEY".to_owned(),
    };
    let mut lines = vec![format!("root key   {}  ({place})", status.root_fingerprint)];
    for term in &status.terms {
        let age = (status.now.0 - term.since.0) / DAY_MS;
        let state = if term.retired { "being replaced" } else { "in force" };
        lines.push(format!(
            "term {:<5} {state}, {age} days old, {} data keys under it",
            term.term, term.data_keys
        ));
    }
    lines.push(format!(
        "accounts   {}, each with a data key of its own; {} earlier data keys still open what they sealed",
        status.accounts, status.retired_data_keys
    ));
    lines.push(format!(
        "use        the busiest data key has encrypted {} times; one is replaced after {}",
        status.most_encryptions, status.encryptions_allowed
    ));
    if status.being_replaced > 0 {
        lines.push(format!(
            "at work    {} accounts are being encrypted anew",
            status.being_replaced
        ));
    }
    Ok(AdminReply::Done {
        message: lines.join("\n"),
    })
}

pub(super) async fn rotate_root(vault: &Vault) -> Outcome {
    let new = vault.upkeep().rotate_root().await.map_err(|error| refusal(&error))?;
    let kept = new.kept.map_or_else(String::new, |path| {
        format!(
            "\nThe one before, {}, is kept in {}: backups made until now need it. Remove that file once none of them is kept.",
            new.former,
            path.display()
        )
    });
    Ok(AdminReply::Done {
        message: format!(
            "The root key was replaced; the new one has the fingerprint {}.{kept}\n\
             Print a new recovery kit: strongroom-server keys recovery-kit",
            new.fingerprint
        ),
    })
}

pub(super) async fn rotate_term(vault: &Vault) -> Outcome {
    let term = vault.upkeep().rotate_term().await.map_err(|error| refusal(&error))?;
    Ok(AdminReply::Done {
        message: format!("All data keys are wrapped under term {term}; the terms before are gone."),
    })
}

pub(super) async fn rotate_user(vault: &Vault, name: &str) -> Outcome {
    let rotated = vault.upkeep().rotate_user(&login(name)?).await;
    rotated.map_err(|error| match error {
        UpkeepError::Vault(Error::NotFound) => format!("There is no account named {name}."),
        error => refusal(&error),
    })?;
    Ok(AdminReply::Done {
        message: format!("All that {name} has is encrypted under another key; the keys before are gone."),
    })
}

pub(super) async fn back_up(vault: &Vault, path: &Path) -> Outcome {
    let backup = vault.upkeep().back_up(path).await.map_err(|error| refusal(&error))?;
    let not_recorded = if backup.recorded {
        ""
    } else {
        "\nThe records say nothing of it, since that could not be written; the server's log says why."
    };
    Ok(AdminReply::Done {
        message: format!(
            "{} holds everything as of now ({} KiB). It opens with the root key {}, which is not in it: keep that \
             elsewhere.{not_recorded}",
            path.display(),
            backup.size.div_ceil(1024),
            backup.root_fingerprint
        ),
    })
}

pub(super) async fn examine(vault: &Vault) -> Outcome {
    let examined = vault.upkeep().examine().await.map_err(|error| refusal(&error))?;
    Ok(told(&examined))
}

pub(super) async fn accept(vault: &Vault, account: &str) -> Outcome {
    let accepted = vault.upkeep().accept(account).await;
    let anything = accepted.map_err(|error| match error {
        UpkeepError::Vault(Error::NotFound) => {
            format!("There is no account {account}; give the id that `strongroom-server doctor` says.")
        }
        error => refusal(&error),
    })?;
    let message = if anything {
        format!("The values of account {account} are taken for the right ones from now on.")
    } else {
        format!("The values of account {account} are those that were last written; there was nothing to accept.")
    };
    Ok(AdminReply::Done { message })
}

/// A line for each finding.
pub(in crate::admin) fn told(examined: &Examined) -> AdminReply {
    let lines = examined.findings.iter().map(|finding| {
        let mark = if finding.well { "ok     " } else { "WRONG  " };
        format!("{mark}{}", finding.words)
    });
    AdminReply::Examined {
        message: lines.collect::<Vec<_>>().join("\n"),
        well: examined.is_well(),
    }
}

fn refusal(error: &UpkeepError) -> String {
    match error {
        UpkeepError::Vault(error) => failure(error),
        error => error.to_string(),
    }
}
