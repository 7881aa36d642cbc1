//! The one connection that writes.
//!
//! A transaction may be dropped at any await, since a client that hangs up ends its request. Before the commit that
//! means: rolled back, at once, since it keeps other programs from the file. The commit itself cannot be abandoned half-way: it runs in a task of its
//! own, which also tells caches and waiters, so that a commit never goes unannounced.

use std::sync::Arc;

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor, QueryBuilder, Row, Sqlite};
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;

use super::generations::{Change, Generations};
use crate::config::Durability;
use crate::error::{Error, Result};
use crate::id::UserId;

/// For other programs that have the file open, as an operator's backup does.
const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 10000";

/// The connection and what is known of its state.
pub(super) struct Writer {
    connection: Option<SqliteConnection>,
    /// What `PRAGMA synchronous` stands at; it can change between transactions only. `None`: not known, since somebody
    /// went away while it was being set.
    durability: Option<Durability>,
    /// A transaction was abandoned and is still open.
    abandoned: bool,
    /// The transaction before was not committed: somebody went away, a rule refused it, or the disk did.
    uncommitted: bool,
}

impl Writer {
    /// Takes over a connection with `synchronous=FULL`.
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self {
            connection: Some(connection),
            durability: Some(Durability::Power),
            abandoned: false,
            uncommitted: false,
        }
    }

    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or(Error::Storage(sqlx::Error::PoolClosed))
    }

    async fn roll_back_abandoned(&mut self) -> Result<()> {
        if !self.abandoned {
            return Ok(());
        }
        match self.connection()?.execute("ROLLBACK").await {
            // It had not begun, or had just ended: there is nothing to undo.
            Err(error) if !error.to_string().contains("no transaction is active") => return Err(error.into()),
            _ => self.abandoned = false,
        }
        Ok(())
    }

    async fn begin(&mut self, durability: Durability) -> Result<()> {
        let begin = self.about_to_begin(durability).await?;
        self.connection()?.execute(begin).await?;
        self.durability = Some(durability);
        Ok(())
    }

    /// What begins a transaction. In one go, since each statement costs a way to SQLite's thread and back.
    async fn about_to_begin(&mut self, durability: Durability) -> Result<&'static str> {
        self.roll_back_abandoned().await?;
        // From here on, whoever goes away leaves something that has to be looked at.
        self.abandoned = true;
        let known = std::mem::take(&mut self.durability);
        Ok(match durability {
            _ if known == Some(durability) => "BEGIN IMMEDIATE",
            Durability::Process => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            Durability::Power => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        })
    }

    /// A whole transaction in one go, of statements that depend on nothing that is read on the way.
    pub(super) async fn run(&mut self, durability: Durability, statements: Statements<'_>) -> Result<()> {
        let begin = self.about_to_begin(durability).await?;
        self.uncommitted = true;
        let mut query = QueryBuilder::<Sqlite>::new(begin);
        (statements.push)(query.push("; "));
        query.push("; COMMIT");
        let query = query.build().persistent(statements.is_usual);
        let done = query.execute(self.connection()?).await;
        if done.is_ok() {
            self.durability = Some(durability);
            (self.abandoned, self.uncommitted) = (false, false);
        } else {
            self.undo().await;
        }
        done?;
        Ok(())
    }

    async fn commit(&mut self) -> Result<()> {
        let committed = self.connection()?.execute("COMMIT").await;
        self.uncommitted = committed.is_err();
        committed?;
        self.abandoned = false;
        Ok(())
    }

    /// Ends a transaction that was not committed. Nobody waits for it; where it fails, whoever writes next tries again.
    async fn undo(&mut self) {
        if self.connection.is_none() {
            return;
        }
        if let Err(error) = self.roll_back_abandoned().await {
            tracing::warn!(%error, "a change that was not committed could not be rolled back yet");
        }
    }

    /// Without waiting for readers: fetches wait for the writer meanwhile. Says whether none was in the way.
    pub(super) async fn checkpoint(&mut self) -> Result<bool> {
        self.roll_back_abandoned().await?;
        let db = self.connection()?;
        db.execute("PRAGMA busy_timeout = 0").await?;
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *db).await;
        db.execute(BUSY_TIMEOUT).await?;
        Ok(row?.try_get::<i64, _>(0)? == 0)
    }

    pub(super) async fn close(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }
}

/// Statements that are run together, see [`Writer::run`].
pub(crate) struct Statements<'s> {
    /// Writes them, with `; ` between each two.
    pub(crate) push: &'s (dyn Fn(&mut QueryBuilder<Sqlite>) + Sync),
    /// Whether their text comes again and again, so that it is worth being kept prepared.
    pub(crate) is_usual: bool,
}

/// A write transaction, begun `IMMEDIATE`. Dropped without [`Transaction::commit`], nothing of it stays.
pub(crate) struct Transaction {
    /// `None` once it is committed, or its end is on its way.
    writer: Option<OwnedMutexGuard<Writer>>,
    generations: Arc<Generations>,
    touched: Vec<(UserId, Change)>,
    follows_uncommitted: bool,
}

impl Transaction {
    pub(super) async fn begin(
        mut writer: OwnedMutexGuard<Writer>,
        generations: Arc<Generations>,
        durability: Durability,
    ) -> Result<Self> {
        let follows_uncommitted = std::mem::replace(&mut writer.uncommitted, true);
        // First of all, so that it is rolled back whoever goes away while it begins.
        let mut begun = Self {
            follows_uncommitted,
            writer: Some(writer),
            generations,
            touched: Vec::new(),
        };
        begun.writer()?.begin(durability).await?;
        Ok(begun)
    }

    fn writer(&mut self) -> Result<&mut Writer> {
        let writer = self.writer.as_deref_mut();
        writer.ok_or(Error::Storage(sqlx::Error::PoolClosed))
    }

    /// For statements of the store's own functions.
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.writer()?.connection()
    }

    /// Whether the one before it was not committed, which may be because the disk takes nothing.
    pub(crate) fn follows_uncommitted(&self) -> bool {
        self.follows_uncommitted
    }

    /// Has the commit write a page, so that it shows whether the disk takes one.
    pub(crate) async fn write_a_page(&mut self) -> Result<()> {
        // Nobody reads that number; a row that stays the same is not written at all.
        self.connection()?.execute("PRAGMA user_version = 0").await?;
        Ok(())
    }

    /// Notes that what this user's sandboxes may see changes with this commit.
    pub(crate) fn touch(&mut self, user: UserId) {
        self.touched.push((user, Change::Anything));
    }

    /// Notes that with this commit sandboxes of this user are no more what they were, and nothing else.
    pub(crate) fn touch_sandboxes(&mut self, user: UserId) {
        self.touched.push((user, Change::Sandboxes));
    }

    /// Makes it lasting, then tells caches and waiters; both happen even if the caller goes away meanwhile.
    pub(crate) async fn commit(mut self) -> Result<()> {
        let Some(mut writer) = self.writer.take() else {
            return Ok(());
        };
        let (generations, touched) = (Arc::clone(&self.generations), std::mem::take(&mut self.touched));
        tokio::spawn(async move {
            let outcome = writer.commit().await;
            if outcome.is_err() {
                writer.undo().await;
            }
            // Also after a failure: whether it reached the disk is then unknown, and a cache that reloads is never wrong.
            for (user, change) in touched {
                generations.advance(user, change);
            }
            outcome
        })
        .await
        .map_err(|_| Error::Storage(sqlx::Error::WorkerCrashed))?
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Where nothing runs any more, the connection closes, which rolls back too.
        if let (Some(mut writer), Ok(runtime)) = (self.writer.take(), Handle::try_current()) {
            runtime.spawn(async move { writer.undo().await });
        }
    }
}
