//! What whoever runs the server does over the years: replacing keys, backing up, restoring, looking whether all is well.
//! Keys are replaced while values are read and written; what a kill cuts off goes on at the next start.

mod accept;
mod backup;
mod examine;
mod restore;
mod root;
mod status;
mod term;
mod user;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use domain::ActivityKind;
use tokio::sync::MutexGuard;

use crate::Inner;
use crate::activity::record;
use crate::config::Durability;
use crate::error::Error;
use crate::id::UserId;
use crate::keys::RootKeyError;
use crate::operator::acting_for;
use crate::store::{Transaction, accounts, activity, digests, key_life};

pub use backup::Backup;
pub use examine::{Examined, Finding};
pub use restore::{RestoreError, Restored, RestoredToken};
pub use root::NewRoot;
pub use status::{KeyStatus, TermStatus};

/// Accounts that are read at once.
const AT_ONCE: u32 = 200;

/// Keys, backups and checks.
pub struct Upkeep<'v>(pub(crate) &'v Inner);

/// Why something about the server's keys or files was not done. Nothing was changed, unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// Keys are being replaced already.
    #[error("keys are being replaced already; try again when that is done")]
    Busy,
    /// The root key is not in a file that could be replaced.
    #[error(
        "the root key was handed in through STRONGROOM_ROOT_KEY, which this program cannot change; \
         put it into a file, name that in STRONGROOM_ROOT_KEY_FILE, start again, and repeat this"
    )]
    RootKeyHandedIn,
    /// The root key's file holds another key than the one in use.
    #[error("{path} holds the root key {found}, but the one in use is {expected}; bring that one back first", path = .path.display())]
    RootKeyChanged {
        /// The file.
        path: PathBuf,
        /// Of the key in it.
        found: String,
        /// Of the key that is needed.
        expected: String,
    },
    /// The root key's file is in a place where no other can come.
    #[error(
        "{path} cannot be replaced ({source}): it is mounted by itself, or belongs to another user; \
         put it into a folder of the server's own, name it there in STRONGROOM_ROOT_KEY_FILE, start again, and repeat this",
        path = .path.display()
    )]
    NotReplaceable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The root key cannot be read or written.
    #[error(transparent)]
    RootKey(#[from] RootKeyError),
    /// The new root key is in force, but lies beside its place.
    #[error(
        "the new root key is in force, but could not be put in its place ({source}); \
         it lies in {path}.next, and the next start puts it there: keep that file",
        path = .path.display()
    )]
    LeftBeside {
        /// The root key's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is a file of that name.
    #[error("{path} is there already, and is not written over; give another name", path = .0.display())]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("{path}: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite finds the database damaged.
    #[error("the database is damaged, so no backup was made; run `strongroom-server doctor`: {0}")]
    Damaged(String),
    /// Anything else that a service would say.
    #[error(transparent)]
    Vault(#[from] Error),
}

impl From<sqlx::Error> for UpkeepError {
    fn from(error: sqlx::Error) -> Self {
        Self::Vault(error.into())
    }
}

impl Inner {
    fn replace_keys(&self) -> Result<MutexGuard<'_, ()>, UpkeepError> {
        self.replacing_keys.try_lock().map_err(|_| UpkeepError::Busy)
    }

    /// Records something about the whole server, where its owner reads it.
    async fn note_for_owner(&self, write: &mut Transaction, kind: ActivityKind, detail: String) -> Result<(), Error> {
        let db = write.connection()?;
        // Before there is an owner, there is nobody to read it.
        let Some(owner) = accounts::owner(db, &self.key).await? else {
            return Ok(());
        };
        let mut done = record(&acting_for(owner), self.clock.now(), kind);
        done.detail = Some(detail);
        activity::insert(db, [&done]).await
    }
}

/// Gives every account of a database from before digests its own, once.
pub(crate) async fn begin_digests(vault: &Inner) -> Result<(), Error> {
    if digests::have_begun(&mut *vault.store.read().await?).await? {
        return Ok(());
    }
    let mut write = vault.store.write(Durability::Power).await?;
    let db = write.connection()?;
    let mut last = None;
    loop {
        let users = accounts::ids_after(db, last, AT_ONCE).await?;
        for user in &users {
            digests::write(db, &vault.key, *user).await?;
        }
        last = users.last().copied();
        if last.is_none() {
            break;
        }
    }
    digests::begin(db, vault.clock.now()).await?;
    write.commit().await
}

/// Goes on with what was cut off, in the background. Says in the log how it ended.
pub(crate) async fn go_on(vault: &Arc<Inner>) -> Result<(), Error> {
    let mut reader = vault.store.read().await?;
    let users = key_life::work(&mut reader).await?;
    let terms = key_life::term_rows(&mut reader).await?;
    if users.is_empty() && terms.len() < 2 {
        return Ok(());
    }
    tracing::info!("Going on with replacing keys, which was cut off");
    let vault = Arc::clone(vault);
    tokio::spawn(async move {
        if go_on_with(&vault, users).await {
            tracing::info!("The keys are replaced");
        }
    });
    Ok(())
}

/// Whether all went well. What is damaged in one account keeps no other from getting its keys.
async fn go_on_with(vault: &Inner, users: Vec<UserId>) -> bool {
    let _replacing = vault.replacing_keys.lock().await;
    let mut well = true;
    if let Err(error) = vault.finish_term().await {
        tracing::error!(%error, "the term could not be replaced; the next start tries again");
        well = false;
    }
    for user in users {
        if let Err(error) = vault.finish_user(user).await {
            tracing::error!(%error, account = %user, "an account's keys could not be replaced; the next start tries again");
            well = false;
        }
    }
    well
}
