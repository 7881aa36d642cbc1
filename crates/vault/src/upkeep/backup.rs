//! Backups: one file, as the database was at one moment. The root key is not in it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use domain::ActivityKind;

use super::{Upkeep, UpkeepError};
use crate::config::Durability;
use crate::error::Error;
use crate::files::with_suffix;
use crate::store::Store;

/// A backup that was made.
#[derive(Debug)]
pub struct Backup {
    /// Bytes.
    pub size: u64,
    /// Of the root key that opens it.
    pub root_fingerprint: String,
    /// Whether its owner reads of it among the records.
    pub recorded: bool,
}

impl Upkeep<'_> {
    /// Writes a backup to `path`, for its owner alone, while reads and writes go on. It is there whole or not at all.
    ///
    /// # Errors
    /// [`UpkeepError`]; a file that is there already is never written over.
    pub async fn back_up(&self, path: &Path) -> Result<Backup, UpkeepError> {
        let vault = self.0;
        let failed = |path: &Path, source| UpkeepError::File {
            path: path.to_owned(),
            source,
        };
        if path.try_exists().map_err(|source| failed(path, source))? {
            return Err(UpkeepError::Exists(path.to_owned()));
        }
        let partial = with_suffix(path, ".partial");
        let removed = Partial(&partial);
        // SQLite writes into a file that is empty; this one is its owner's alone from the first byte on.
        let _ = fs::remove_file(&partial);
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&partial);
        made.map_err(|source| failed(&partial, source))?;
        vault.store.copy_to(&partial).await?;
        let damage = Store::damage_of(&partial).await?;
        if !damage.is_empty() {
            return Err(UpkeepError::Damaged(damage.join("; ")));
        }
        // The copy's own: the root key may have been replaced since it was made.
        let root_fingerprint = Store::root_fingerprint_of(&partial).await?;
        let size = settle(&partial, path).map_err(|source| failed(path, source))?;
        drop(removed);
        // It is there, whatever becomes of the record: it may have taken the disk's last room.
        let recorded = self.record_backup(path).await;
        if let Err(error) = &recorded {
            tracing::error!(%error, "a backup was made, but could not be recorded");
        }
        Ok(Backup {
            size,
            root_fingerprint,
            recorded: recorded.is_ok(),
        })
    }

    async fn record_backup(&self, path: &Path) -> Result<(), Error> {
        let vault = self.0;
        let mut write = vault.store.write(Durability::Power).await?;
        vault
            .note_for_owner(&mut write, ActivityKind::BackedUp, path.display().to_string())
            .await?;
        write.commit().await
    }
}

/// Removed when it is dropped, unless it has become the backup.
struct Partial<'p>(&'p Path);

impl Drop for Partial<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.0);
    }
}

/// Puts a file safely on disk under its name, which may not exist; gives its size.
pub(super) fn settle(partial: &Path, path: &Path) -> io::Result<u64> {
    let file = File::open(partial)?;
    file.sync_all()?;
    // A link refuses what a renaming would write over.
    fs::hard_link(partial, path)?;
    fs::remove_file(partial)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(file.metadata()?.len())
}
