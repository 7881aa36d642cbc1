//! Commands about keys, backups, and the state of it all.

use std::path::PathBuf;

use super::{Command, Given, UsageError};

/// The option that takes a backup.
pub(super) const RESTORE_DRILL: &str = "restore-drill";

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
    /// Put a backup back somewhere else, and look at everything there.
    RestoreDrill(PathBuf),
}

/// Reads one of them.
pub(super) fn read(given: &Given, words: &[&str]) -> Result<Command, UsageError> {
    let drill = given.last(RESTORE_DRILL);
    let options: &[&str] = if matches!(words, ["doctor"]) {
        &[RESTORE_DRILL]
    } else {
        &[]
    };
    let command = match (words, drill) {
        (["keys", "status"], _) => UpkeepCommand::KeyStatus,
        (["keys", "recovery-kit"], _) => UpkeepCommand::RecoveryKit,
        (["keys", "rotate-root"], _) => UpkeepCommand::RotateRoot,
        (["keys", "rotate-term"], _) => UpkeepCommand::RotateTerm,
        (["keys", "rotate-user", name], _) => UpkeepCommand::RotateUser {
            name: (*name).to_owned(),
        },
        (["keys", "rotate-user"], _) => return Err(UsageError("say whose keys: NAME is missing".to_owned())),
        (["backup", file], _) => UpkeepCommand::Backup(file.into()),
        (["restore", file], _) => UpkeepCommand::Restore(file.into()),
        (["backup" | "restore"], _) => return Err(UsageError("say which file: FILE is missing".to_owned())),
        (["doctor"], None) => UpkeepCommand::Doctor,
        (["doctor"], Some(file)) => UpkeepCommand::RestoreDrill(file.into()),
        _ => return Err(UsageError("there is no such command".to_owned())),
    };
    given.taking(options, Command::Upkeep(command))
}
