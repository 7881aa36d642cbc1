//! What is done without the server: with the root key's file and a backup alone.

use std::fs;
use std::path::Path;

use vault::{Absent, Config, RestoreError, Restored, RootKeyError, UpkeepError, Vault};

use super::AdminReply;
use super::perform::told;
use crate::config::Settings;

/// Where a drill puts the backup, in the data directory.
const DRILL: &str = "restore-drill";

/// Why something was not done without the server.
#[derive(Debug, thiserror::Error)]
pub enum OfflineError {
    /// A backup was not put back.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// There is no root key.
    #[error(transparent)]
    RootKey(#[from] RootKeyError),
    /// A restored database cannot be looked at.
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
    /// A restored database does not open.
    #[error(transparent)]
    Open(#[from] vault::OpenError),
    /// The drill has no place to happen.
    #[error("{DRILL} in the data directory cannot be used: {0}")]
    Scratch(#[from] std::io::Error),
}

/// The page that brings the server back. Holds the root key.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn recovery_kit(settings: &Settings) -> Result<zeroize::Zeroizing<String>, OfflineError> {
    let kit = vault::recovery_kit(&settings.vault_config().root_key)?;
    let data_dir = settings.data_dir.display();
    let mut page = zeroize::Zeroizing::new(String::with_capacity(4096));
    page.push_str("STRONGROOM RECOVERY KIT\n\n");
    page.push_str(&format!("Fingerprint   {}\n", kit.fingerprint));
    page.push_str("Root key      ");
    // Exposed to be printed: the paper is for the day on which the file is gone.
    for (index, line) in kit.lines().enumerate() {
        page.push_str(if index == 0 { "" } else { "              " });
        page.push_str(&line);
        page.push('\n');
    }
    page.push_str(&format!(
        "\n\
         Whoever has this page and a copy of the database, or a backup, can read every secret in it.\n\
         Keep it as you keep cash: on paper, in a safe, away from the server and from its backups.\n\
         Without the root key nobody can open the database, not even you.\n\
         \n\
         To bring the server back:\n\
         \x20 1. Install Strongroom with the same settings as before (STRONGROOM_DATA_DIR was {data_dir}).\n\
         \x20 2. Type the root key into the file root.key there; blanks and line ends do not matter.\n\
         \x20    Close it to others: chmod 400 root.key\n\
         \x20 3. Put the newest backup back: strongroom-server restore BACKUP\n\
         \x20    A mistyped key is refused, with the fingerprint that is expected and the one found.\n\
         \x20 4. Look at everything: strongroom-server doctor\n\
         \n\
         After `strongroom-server keys rotate-root`, print a new page, and keep this one for as long as backups from\n\
         before are kept.\n"
    ));
    Ok(page)
}

/// Puts a backup back, in the place that the settings name.
///
/// # Errors
/// [`OfflineError::Restore`].
pub async fn restore(settings: &Settings, file: &Path) -> Result<String, OfflineError> {
    let restored = Vault::restore(settings.vault_config(), file).await?;
    Ok(restored_in_words(&restored, file))
}

fn restored_in_words(restored: &Restored, file: &Path) -> String {
    let mut lines = vec![
        format!("{} was put back.", file.display()),
        "Everybody has to sign in again: all browsers, sandboxes and secure fields were ended.".to_owned(),
        "What was changed or deleted after the backup is as it was before: secrets that were deleted since are there again."
            .to_owned(),
    ];
    if !restored.tokens.is_empty() {
        lines.push(
            "These API tokens work, also those that were revoked since. Look at each, and revoke under Settings what should \
             not:"
                .to_owned(),
        );
        let token = |token: &vault::RestoredToken| format!("  {}  {}  {}", token.login, token.label, token.hint);
        lines.extend(restored.tokens.iter().map(token));
    }
    if !restored.platforms.is_empty() {
        lines.push(
            "The keys of these platforms work as they did then, also one that was replaced since. For another one: \
             strongroom-server platform rotate NAME"
                .to_owned(),
        );
        lines.extend(restored.platforms.iter().map(|name| format!("  {name}")));
    }
    if !restored.damaged.is_empty() {
        lines.push(
            "These rows are damaged, or were written by somebody else. They count for nothing; look further with \
             strongroom-server doctor:"
                .to_owned(),
        );
        lines.extend(restored.damaged.iter().map(|row| format!("  {row}")));
    }
    lines.join("\n")
}

/// Puts a backup back in a place of its own, opens every row there, and removes it.
///
/// # Errors
/// [`OfflineError`]; what was put there is removed.
pub async fn restore_drill(settings: &Settings, file: &Path) -> Result<AdminReply, OfflineError> {
    let scratch = settings.data_dir.join(DRILL);
    let _left_over = fs::remove_dir_all(&scratch);
    let config = || {
        let mut config = settings.vault_config();
        config.data_dir.clone_from(&scratch);
        config.database = vault::default_database(&scratch);
        config
    };
    let outcome = drill(config, file).await;
    let removed = fs::remove_dir_all(&scratch);
    let reply = outcome?;
    removed?;
    Ok(reply)
}

async fn drill(config: impl Fn() -> Config, file: &Path) -> Result<AdminReply, OfflineError> {
    Vault::restore(config(), file).await?;
    let vault = Vault::open_for_command(config(), Absent::Refuse).await?;
    let examined = vault.upkeep().examine().await;
    vault.close().await;
    Ok(told(&examined?))
}
