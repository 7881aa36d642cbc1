//! All SQL lives below here; services never know the engine.
//!
//! One connection writes, several read (SQLite allows one writer anyway, and an own queue is fair where SQLite's is not).
//! Look-ups return `Option`; a row that does not parse names its table, column and id.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod checking;
pub(crate) mod conversations;
pub(crate) mod digests;
mod generations;
pub(crate) mod key_life;
pub(crate) mod keys;
mod open;
pub(crate) mod platforms;
pub(crate) mod requests;
pub(crate) mod resealing;
mod row;
pub(crate) mod sandboxes;
pub(crate) mod secrets;
pub(crate) mod sessions;
pub(crate) mod tidying;
pub(crate) mod tokens;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Sqlite, SqlitePool};
use tokio::sync::{Mutex, Notify};

pub(crate) use generations::{Generation, Generations};
pub use open::DatabaseError;
pub(crate) use open::Found;
pub(crate) use writer::{Statements, Transaction};

use crate::config::Durability;
use crate::error::Result;
use writer::Writer;

/// The database.
pub(crate) struct Store {
    readers: SqlitePool,
    writer: Arc<Mutex<Writer>>,
    generations: Arc<Generations>,
    to_checkpoint: Arc<Notify>,
    path: PathBuf,
}

impl Store {
    /// A connection for reading only.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.readers.acquire().await?)
    }

    /// The same, where several reads have to fit each other: what is written meanwhile shows in none of them.
    pub(crate) async fn snapshot(&self) -> Result<sqlx::Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }

    /// Where the database lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what is in the database now to an empty file.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<()> {
        // A connection of its own: the others are kept from writing anywhere, or are busy writing.
        let mut connection = Self::open_apart(&self.path).await?;
        let copied = sqlx::query("VACUUM INTO ?1")
            .bind(path.display().to_string())
            .execute(&mut connection)
            .await;
        connection.close().await?;
        copied?;
        Ok(())
    }

    /// What SQLite finds wrong with this or another file.
    pub(crate) async fn damage_of(path: &Path) -> Result<Vec<String>> {
        let mut connection = Self::open_apart(path).await?;
        let damage = checking::damage(&mut connection).await?;
        connection.close().await?;
        Ok(damage)
    }

    /// Of the root key that this or another file's keys are wrapped under.
    pub(crate) async fn root_fingerprint_of(path: &Path) -> Result<String> {
        let mut connection = Self::open_apart(path).await?;
        let instance = keys::instance(&mut connection).await;
        connection.close().await?;
        Ok(instance?.map_or_else(String::new, |instance| instance.root_fingerprint))
    }

    /// A connection beside the others, to this or another file that exists.
    async fn open_apart(path: &Path) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
        Ok(SqliteConnection::connect_with(&options).await?)
    }

    /// Waits for the writer and begins a transaction on it.
    pub(crate) async fn write(&self, durability: Durability) -> Result<Transaction> {
        let writer = Arc::clone(&self.writer).lock_owned().await;
        Transaction::begin(writer, Arc::clone(&self.generations), durability).await
    }

    /// Waits for the writer and runs a whole transaction on it. Nobody is told: it changes nothing that is cached or waited
    /// for.
    pub(crate) async fn write_at_once(&self, durability: Durability, statements: Statements<'_>) -> Result<()> {
        self.writer.lock().await.run(durability, statements).await
    }

    /// What tells caches and waiters that something of a user changed.
    pub(crate) fn generations(&self) -> &Generations {
        &self.generations
    }

    /// Moves everything from the log into the database file and empties the log, so that what was deleted is in neither
    /// (`secure_delete` has overwritten it in the file). What was deleted is deleted even if this fails: a reader in the
    /// way, or a full disk, delays it, and it is tried again soon. Says whether it was done.
    pub(crate) async fn checkpoint(&self) -> bool {
        let writer = Arc::clone(&self.writer);
        // In a task of its own: a caller who goes away must not leave the connection half-way through.
        let done = tokio::spawn(async move { writer.lock().await.checkpoint().await }).await;
        if let Ok(Err(error)) = &done {
            tracing::warn!(%error, "the database's log could not be emptied; the next try is soon");
        }
        let emptied = matches!(done, Ok(Ok(true)));
        if !emptied {
            self.checkpoint_soon();
        }
        emptied
    }

    /// The same, soon, for many changes at once; does not wait for it.
    pub(crate) fn checkpoint_soon(&self) {
        self.to_checkpoint.notify_one();
    }

    /// Tells when somebody wants a checkpoint soon.
    pub(crate) fn checkpoint_wanted(&self) -> Arc<Notify> {
        Arc::clone(&self.to_checkpoint)
    }

    /// Closes every connection; the last one empties the log.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.lock().await.close().await;
    }
}
