//! Commands about keys, backups, and the state of it all.

use std::path::PathBuf;

use super::{Command, Given, UsageError};

/// The option that takes a backup.
pub(super) const RESTORE_DRILL: &str = "restore-drill";
/// The option that takes an account.
pub(super) const ACCEPT: &str = "accept";

/// What is to be done about keys, backups, or the state of it all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpkeepCommand {
    /// Say how the keys stand.
    KeyStatus,
    /// Print the recovery kit.
    RecoveryKit,
    /// Replace the root key.
    RotateRoot,
    /// Replace the term.
    RotateTerm,
    /// Replace an account's keys.
    RotateUser {
        /// The login name.
        name: String,
    },
    /// Write a backup.
    Backup(PathBuf),
    /// Put one back.
    Restore(PathBuf),
    /// Look at everything.
    Doctor,
    /// Take an account's values for the right ones, as they are.
    Accept {
        /// Its id, as the doctor says it.
        account: String,
    },
    /// Put a backup back somewhere else, and look at everything there.
    RestoreDrill(PathBuf),
}

/// Reads one of them.
pub(super) fn read(given: &Given, words: &[&str]) -> Result<Command, UsageError> {
    if let ["doctor"] = words {
        return doctor(given);
    }
    let command = match words {
        ["keys", "status"] => UpkeepCommand::KeyStatus,
        ["keys", "recovery-kit"] => UpkeepCommand::RecoveryKit,
        ["keys", "rotate-root"] => UpkeepCommand::RotateRoot,
        ["keys", "rotate-term"] => UpkeepCommand::RotateTerm,
        ["keys", "rotate-user", name] => UpkeepCommand::RotateUser {
            name: (*name).to_owned(),
        },
        ["keys", "rotate-user"] => return Err(UsageError("say whose keys: NAME is missing".to_owned())),
        ["backup", file] => UpkeepCommand::Backup(file.into()),
        ["restore", file] => UpkeepCommand::Restore(file.into()),
        ["backup" | "restore"] => return Err(UsageError("say which file: FILE is missing".to_owned())),
        _ => return Err(UsageError("there is no such command".to_owned())),
    };
    given.taking(&[], Command::Upkeep(command))
}

fn doctor(given: &Given) -> Result<Command, UsageError> {
    let command = match (given.last(RESTORE_DRILL), given.last(ACCEPT)) {
        (None, None) => UpkeepCommand::Doctor,
        (Some(file), None) => UpkeepCommand::RestoreDrill(file.into()),
        (None, Some(account)) => UpkeepCommand::Accept { account },
        (Some(_), Some(_)) => {
            return Err(UsageError(format!("give either --{RESTORE_DRILL} or --{ACCEPT}")));
        }
    };
    given.taking(&[RESTORE_DRILL, ACCEPT], Command::Upkeep(command))
}
