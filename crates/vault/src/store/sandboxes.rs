//! Table `sandbox_sessions`. Each row bears a mark over whose it is, its token, its names and its end.

use domain::{SecretName, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use super::tokens::{names_to_stored, optional_names};
use crate::error::Result;
use crate::id::{SandboxId, TokenId, UserId};
use crate::keys::{Claim, InstanceKey};
use crate::token::HashedToken;

/// A sandbox session's record.
pub(crate) struct Sandbox {
    pub(crate) id: SandboxId,
    pub(crate) user: UserId,
    pub(crate) label: Option<String>,
    /// In order, each once; `None`: all.
    pub(crate) names: Option<Vec<SecretName>>,
    pub(crate) opened_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) last_fetch_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, user_id, label, names, opened_by, created_at, expires_at, closed_at, last_fetch_at";

impl Sandbox {
    fn claim(&self, hash: HashedToken) -> Claim {
        let names = self.names.as_deref().map(names_to_stored);
        Claim::new("sandbox-session")
            .field(self.id.as_bytes())
            .field(self.user.as_bytes())
            .field(hash.as_bytes())
            .optional(names.as_deref().map(str::as_bytes))
            .number(self.expires_at.0)
    }
}

pub(crate) async fn insert(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    sandbox: &Sandbox,
    hash: HashedToken,
    opened_with: Option<TokenId>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO sandbox_sessions
             (id, user_id, token_hash, mark, label, names, opened_by, opened_with, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(sandbox.id.as_bytes().as_slice())
    .bind(sandbox.user.as_bytes().as_slice())
    .bind(hash.as_bytes())
    .bind(key.mark(&sandbox.claim(hash)).to_vec())
    .bind(&sandbox.label)
    .bind(sandbox.names.as_deref().map(names_to_stored))
    .bind(&sandbox.opened_by)
    .bind(opened_with.map(|id| id.as_bytes().to_vec()))
    .bind(sandbox.created_at.0)
    .bind(sandbox.expires_at.0)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn by_token(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    hash: HashedToken,
) -> Result<Option<Sandbox>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS}, mark FROM sandbox_sessions WHERE token_hash = ?1"
    )))
    .bind(hash.as_bytes())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let found = sandbox(&row)?;
    StoredRow::new(&row, "sandbox_sessions", found.id.to_string()).check_mark("mark", key, &found.claim(hash))?;
    Ok(Some(found))
}

pub(crate) async fn count_live(db: &mut SqliteConnection, user: UserId, now: Timestamp) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM sandbox_sessions WHERE user_id = ?1 AND expires_at > ?2 AND closed_at IS NULL",
    )
    .bind(user.as_bytes().as_slice())
    .bind(now.0)
    .fetch_one(db)
    .await?)
}

/// Whether that one can still fetch.
pub(crate) async fn is_live(db: &mut SqliteConnection, id: SandboxId, now: Timestamp) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sandbox_sessions WHERE id = ?1 AND expires_at > ?2 AND closed_at IS NULL)",
    )
    .bind(id.as_bytes().as_slice())
    .bind(now.0)
    .fetch_one(db)
    .await?)
}

/// Those that can still fetch, the newest first.
pub(crate) async fn live(db: &mut SqliteConnection, user: UserId, now: Timestamp) -> Result<Vec<Sandbox>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM sandbox_sessions
         WHERE user_id = ?1 AND expires_at > ?2 AND closed_at IS NULL ORDER BY id DESC"
    )))
    .bind(user.as_bytes().as_slice())
    .bind(now.0)
    .fetch_all(db)
    .await?;
    rows.iter().map(sandbox).collect()
}

/// Ends one and answers with its label; `None` when there is none that lives.
pub(crate) async fn close(
    db: &mut SqliteConnection,
    user: UserId,
    id: SandboxId,
    now: Timestamp,
) -> Result<Option<Option<String>>> {
    Ok(sqlx::query_scalar(
        "UPDATE sandbox_sessions SET closed_at = ?3
         WHERE id = ?1 AND user_id = ?2 AND closed_at IS NULL AND expires_at > ?3 RETURNING label",
    )
    .bind(id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .bind(now.0)
    .fetch_optional(db)
    .await?)
}

/// Ends every session that an API token opened.
pub(crate) async fn close_opened_with(db: &mut SqliteConnection, token: TokenId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE sandbox_sessions SET closed_at = ?2 WHERE opened_with = ?1 AND closed_at IS NULL")
        .bind(token.as_bytes().as_slice())
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends every session that was opened by that credential, whoever's it is.
pub(crate) async fn close_opened_by(
    db: &mut SqliteConnection,
    who: &str,
    now: Timestamp,
) -> Result<Vec<(UserId, SandboxId)>> {
    let rows = sqlx::query(
        "UPDATE sandbox_sessions SET closed_at = ?2 WHERE opened_by = ?1 AND closed_at IS NULL AND expires_at > ?2
         RETURNING id, user_id",
    )
    .bind(who)
    .bind(now.0)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = StoredRow::new(row, "sandbox_sessions", "a closed row");
            Ok((
                row.parse("user_id", UserId::from_stored)?,
                row.parse("id", SandboxId::from_stored)?,
            ))
        })
        .collect()
}

fn sandbox(row: &SqliteRow) -> Result<Sandbox> {
    let id = StoredRow::new(row, "sandbox_sessions", "unreadable id").parse("id", SandboxId::from_stored)?;
    let row = StoredRow::new(row, "sandbox_sessions", id.to_string());
    Ok(Sandbox {
        id,
        user: row.parse("user_id", UserId::from_stored)?,
        label: row.get("label")?,
        names: optional_names(&row, "names")?,
        opened_by: row.get("opened_by")?,
        created_at: Timestamp(row.get("created_at")?),
        expires_at: Timestamp(row.get("expires_at")?),
        closed_at: row.get::<Option<i64>>("closed_at")?.map(Timestamp),
        last_fetch_at: row.get::<Option<i64>>("last_fetch_at")?.map(Timestamp),
    })
}
