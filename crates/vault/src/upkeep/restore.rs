//! Putting a backup back. Who was there when it was made is not there any more: every session, sandbox and secure field
//! is ended. What was deleted since is back, and so are tokens that were revoked since: they are listed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use domain::{ActivityKind, Timestamp};
use sqlx::SqliteConnection;

use super::AT_ONCE;
use super::backup::settle;
use crate::config::{Config, Durability};
use crate::error::Error;
use crate::files::with_suffix;
use crate::id::UserId;
use crate::keys::InstanceKey;
use crate::opening::{Absent, OpenError, beside, make_private_dir, take_lock};
use crate::store::{Store, accounts, checking, platforms, tokens};
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
    /// Rows that are damaged, or were written by somebody else. They count for nothing.
    pub damaged: Vec<String>,
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
    /// SQLite finds it damaged.
    #[error("{path} is damaged, so it was not put back; take an earlier backup: {damage}", path = .path.display())]
    Damaged {
        /// The backup.
        path: PathBuf,
        /// What SQLite said.
        damage: String,
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
        remove(&copy);
        settled
    }
}

async fn restore_to(config: Config, from: &Path, copy: &Path) -> Result<Restored, RestoreError> {
    copy_file(from, copy)?;
    let config = Config {
        database: copy.to_owned(),
        ..config
    };
    let vault = Vault::open_for_command(config, Absent::Refuse).await?;
    let restored = end_what_was(&vault.0).await;
    // Before it closes, which says nothing of a log that it could not empty.
    let is_whole = vault.0.store.checkpoint().await;
    vault.close().await;
    let restored = restored?;
    if !is_whole {
        return Err(failed(
            copy,
            io::Error::other("it could not be written whole; is the disk full?"),
        ));
    }
    let damage = Store::damage_of(copy).await?;
    if !damage.is_empty() {
        return Err(RestoreError::Damaged {
            path: from.to_owned(),
            damage: damage.join("; "),
        });
    }
    Ok(restored)
}

/// Leaves out what is damaged, and remembers it.
#[derive(Default)]
struct LeftOut(Vec<String>);

impl LeftOut {
    fn whole<T>(&mut self, outcome: crate::Result<T>) -> crate::Result<Option<T>> {
        match outcome {
            Ok(found) => Ok(Some(found)),
            Err(Error::Corrupt { table, column, id }) => {
                self.0.push(format!("{table}.{column} of {id}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

async fn end_what_was(vault: &Inner) -> crate::Result<Restored> {
    let now = vault.clock.now();
    let mut write = vault.store.write(Durability::Power).await?;
    let db = write.connection()?;
    let until = checking::newest_record(db).await?;
    let (mut working, mut damaged) = (Vec::new(), LeftOut::default());
    checking::end_sessions(db, now).await?;
    for id in checking::requests_with_fields(db).await? {
        let ended = checking::end_field(db, &vault.key, id).await;
        damaged.whole(ended)?;
    }
    let mut last = None;
    loop {
        let users = accounts::ids_after(db, last, AT_ONCE).await?;
        for user in &users {
            let tokens = working_tokens(db, &vault.key, *user, now).await;
            working.extend(damaged.whole(tokens)?.unwrap_or_default());
        }
        last = users.last().copied();
        if last.is_none() {
            break;
        }
    }
    let platforms = platforms::list(db, &vault.key).await;
    let platforms = damaged.whole(platforms)?.unwrap_or_default();
    let detail = "all browsers, sandboxes and secure fields were signed out".to_owned();
    let noted = vault.note_for_owner(&mut write, ActivityKind::Restored, detail).await;
    damaged.whole(noted)?;
    write.commit().await?;
    Ok(Restored {
        until,
        tokens: working,
        platforms: platforms.into_iter().map(|(platform, _)| platform.name).collect(),
        damaged: damaged.0,
    })
}

async fn working_tokens(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    user: UserId,
    now: Timestamp,
) -> crate::Result<Vec<RestoredToken>> {
    let Some(found) = accounts::by_id(&mut *db, key, user).await? else {
        return Ok(Vec::new());
    };
    let tokens = tokens::list(db, user).await?;
    let works = tokens
        .into_iter()
        .filter(|token| token.expires_at.is_none_or(|at| at > now));
    let told = works.map(|token| RestoredToken {
        login: found.account.login.as_typed().to_owned(),
        label: token.label,
        hint: token.hint,
    });
    Ok(told.collect())
}

/// Removes a copy, and what SQLite puts beside it: a log that an earlier try left would be read into the next one.
fn remove(copy: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
        let _ = fs::remove_file(with_suffix(copy, suffix));
    }
}

fn copy_file(from: &Path, to: &Path) -> Result<(), RestoreError> {
    remove(to);
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
