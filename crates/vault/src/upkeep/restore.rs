//! Putting a backup back. Who was there when it was made is not there any more: every session, sandbox and secure field
//! is ended. What was deleted since is back, and so are tokens that were revoked since: they are listed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::{ActivityKind, Timestamp};

use super::AT_ONCE;
use super::backup::settle;
use crate::config::{Config, Durability};
use crate::files::with_suffix;
use crate::opening::{OpenError, beside, make_private_dir, take_lock};
use crate::store::{accounts, checking, platforms, tokens};
use crate::{Inner, Vault};

/// A backup that was put back.
#[derive(Debug)]
pub struct Restored {
    /// When the newest record in it was written, which is about when it was made.
    pub until: Option<Timestamp>,
    /// The API tokens that work again, for somebody to confirm.
    pub tokens: Vec<RestoredToken>,
    /// Platforms, whose keys work too.
    pub platforms: Vec<String>,
}

/// An API token that works again.
#[derive(Debug)]
pub struct RestoredToken {
    /// Whose it is.
    pub login: String,
    /// What its owner calls it.
    pub label: String,
    /// How it begins and ends.
    pub hint: String,
}

/// Why a backup was not put back. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// There is a database.
    #[error("{path} is there already, and is not written over; move it away first", path = .0.display())]
    Exists(PathBuf),
    /// The backup cannot be read, or its copy not be written.
    #[error("{path}: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It does not open: another root key, or not a backup at all.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<crate::Error> for RestoreError {
    fn from(error: crate::Error) -> Self {
        Self::Open(error.into())
    }
}

impl Vault {
    /// Puts the backup `from` into the place of the database that `config` names, where there is none.
    ///
    /// # Errors
    /// [`RestoreError`].
    pub async fn restore(config: Config, from: &Path) -> Result<Restored, RestoreError> {
        make_private_dir(&config.data_dir)?;
        let database = config.database.clone();
        let _lock = take_lock(beside(&database)?)?;
        for left in [
            database.clone(),
            with_suffix(&database, "-wal"),
            with_suffix(&database, "-journal"),
        ] {
            if left.try_exists().map_err(|source| failed(&left, source))? {
                return Err(RestoreError::Exists(left));
            }
        }
        let copy = with_suffix(&database, ".restoring");
        let outcome = restore_to(config, from, &copy).await;
        let settled = outcome.and_then(|restored| {
            settle(&copy, &database).map_err(|source| failed(&database, source))?;
            Ok(restored)
        });
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let _ = fs::remove_file(with_suffix(&copy, suffix));
        }
        settled
    }
}

async fn restore_to(config: Config, from: &Path, copy: &Path) -> Result<Restored, RestoreError> {
    copy_file(from, copy)?;
    let vault = Vault::open_existing(Config {
        database: copy.to_owned(),
        ..config
    })
    .await?;
    let restored = end_what_was(&vault.0).await;
    vault.close().await;
    Ok(restored?)
}

async fn end_what_was(vault: &Inner) -> crate::Result<Restored> {
    let now = vault.clock.now();
    let mut write = vault.store.write(Durability::Power).await?;
    let db = write.connection()?;
    let until = checking::newest_record(db).await?;
    checking::end_all_sessions(db, &vault.key, now).await?;
    let mut working = Vec::new();
    let mut last = None;
    loop {
        let users = accounts::ids_after(db, last, AT_ONCE).await?;
        for user in &users {
            let Some(found) = accounts::by_id(db, &vault.key, *user).await? else {
                continue;
            };
            for token in tokens::list(db, *user).await? {
                if token.expires_at.is_none_or(|at| at > now) {
                    working.push(RestoredToken {
                        login: found.account.login.as_typed().to_owned(),
                        label: token.label,
                        hint: token.hint,
                    });
                }
            }
        }
        last = users.last().copied();
        if last.is_none() {
            break;
        }
    }
    let platforms = platforms::list(db, &vault.key).await?;
    let platforms = platforms.into_iter().map(|(platform, _)| platform.name).collect();
    let detail = "all browsers, sandboxes and secure fields were signed out".to_owned();
    vault.note_for_owner(&mut write, ActivityKind::Restored, detail).await?;
    write.commit().await?;
    Ok(Restored {
        until,
        tokens: working,
        platforms,
    })
}

fn copy_file(from: &Path, to: &Path) -> Result<(), RestoreError> {
    let _left_over = fs::remove_file(to);
    let mut source = File::open(from).map_err(|error| failed(from, error))?;
    let mut copy = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(|error| failed(to, error))?;
    io::copy(&mut source, &mut copy).map_err(|error| failed(to, error))?;
    Ok(())
}

fn failed(path: &Path, source: io::Error) -> RestoreError {
    RestoreError::File {
        path: path.to_owned(),
        source,
    }
}
