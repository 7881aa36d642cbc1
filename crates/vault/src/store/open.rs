//! Opening the database file: settings of every connection, and the migrations.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlSafeStr};
use tokio::sync::{Mutex, Notify};

use super::writer::Writer;
use super::{Generations, Store};

/// Forward only, in order. A file that has been released is never edited: its checksum stands in every database.
const MIGRATIONS: [(i64, &str, &str); 4] = [
    (
        1,
        "foundation",
        include_str!("../../../../migrations/0001_foundation.sql"),
    ),
    (2, "requests", include_str!("../../../../migrations/0002_requests.sql")),
    (
        3,
        "conversations",
        include_str!("../../../../migrations/0003_conversations.sql"),
    ),
    (4, "keys", include_str!("../../../../migrations/0004_keys.sql")),
];

/// Readers: as many as a small machine's cores can keep busy, and some for slow lists.
const READERS: u32 = 6;
/// Prepared statements a connection: batches of records differ in length, and each length is a few statements.
const STATEMENTS: usize = 512;

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be opened.
    #[error("the database {path} cannot be opened: {source}")]
    Open {
        /// The file.
        path: String,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// Its schema is not one that this program can bring up to date.
    #[error("the database {path} does not fit this version of Strongroom: {source}")]
    Migrate {
        /// The file.
        path: String,
        /// What does not fit.
        source: MigrateError,
    },
}

/// A database file as it was found: its schema may still be an older program's, or there may be none yet.
pub(crate) struct Found {
    options: SqliteConnectOptions,
    connection: SqliteConnection,
    path: PathBuf,
}

impl Found {
    /// Opens the file, and makes an empty one if there is none.
    pub(crate) async fn open(path: &Path) -> Result<Self, DatabaseError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(STATEMENTS)
            // Statements carry no values, but a log of them is noise at best.
            .disable_statement_logging();
        let connection = SqliteConnection::connect_with(&options)
            .await
            .map_err(|source| failed(path, source))?;
        Ok(Self {
            options,
            connection,
            path: path.to_owned(),
        })
    }

    /// For looking whether the right key is at hand, before anything is changed. Only what every version of the schema
    /// has had may be read.
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Brings the schema up to date.
    pub(crate) async fn bring_up_to_date(mut self) -> Result<Store, DatabaseError> {
        migrator()
            .run(&mut self.connection)
            .await
            .map_err(|source| DatabaseError::Migrate {
                path: self.path.display().to_string(),
                source,
            })?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(1)
            .test_before_acquire(false)
            .connect_with(self.options.pragma("query_only", "ON"))
            .await
            .map_err(|source| failed(&self.path, source))?;
        Ok(Store {
            readers,
            writer: Arc::new(Mutex::new(Writer::new(self.connection))),
            generations: Arc::new(Generations::default()),
            to_checkpoint: Arc::new(Notify::new()),
            path: self.path,
        })
    }
}

fn failed(path: &Path, source: sqlx::Error) -> DatabaseError {
    DatabaseError::Open {
        path: path.display().to_string(),
        source,
    }
}

fn migrator() -> Migrator {
    let migration = |(version, description, sql): (i64, &'static str, &'static str)| {
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(MIGRATIONS.into_iter().map(migration).collect())
}
