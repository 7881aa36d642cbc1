//! Table `sessions`: browsers that are signed in. Each row bears a mark over whose it is, its token, and its end.

use domain::Timestamp;
use sqlx::SqliteConnection;

use super::accounts::{self, Account};
use super::row::StoredRow;
use crate::actor::Origin;
use crate::error::Result;
use crate::id::{SessionId, UserId};
use crate::keys::{Claim, InstanceKey};
use crate::token::HashedToken;

/// A session and whose it is.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) account: Account,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// A line of the list of sessions.
pub(crate) struct SessionRow {
    pub(crate) id: SessionId,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) address: Option<String>,
    pub(crate) user_agent: Option<String>,
}

/// A session about to begin.
pub(crate) struct NewSession<'a> {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) token: HashedToken,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) origin: &'a Origin,
}

fn claim(id: SessionId, user: UserId, token: HashedToken, expires_at: Timestamp) -> Claim {
    Claim::new("session")
        .field(id.as_bytes())
        .field(user.as_bytes())
        .field(token.as_bytes())
        .number(expires_at.0)
}

pub(crate) async fn insert(db: &mut SqliteConnection, key: &InstanceKey, new: &NewSession<'_>) -> Result<()> {
    let user_agent = new
        .origin
        .user_agent
        .as_deref()
        .map(|text| text.chars().take(200).collect::<String>());
    let mark = key.mark(&claim(new.id, new.user, new.token, new.expires_at));
    sqlx::query(
        "INSERT INTO sessions (id, user_id, token_hash, mark, created_at, last_seen_at, expires_at, address, user_agent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8)",
    )
    .bind(new.id.as_bytes().as_slice())
    .bind(new.user.as_bytes().as_slice())
    .bind(new.token.as_bytes())
    .bind(mark.to_vec())
    .bind(new.created_at.0)
    .bind(new.expires_at.0)
    .bind(new.origin.address_text())
    .bind(user_agent)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn by_token(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    token: HashedToken,
) -> Result<Option<Session>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT s.id, s.mark, s.last_seen_at, s.expires_at, {}
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?1",
        accounts::COLUMNS
    )))
    .bind(token.as_bytes())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let account = accounts::credentials(&row, key)?.account;
    let id = StoredRow::new(&row, "sessions", "looked up by token").parse("id", SessionId::from_stored)?;
    let stored = StoredRow::new(&row, "sessions", id.to_string());
    let expires_at = Timestamp(stored.get("expires_at")?);
    stored.check_mark("mark", key, &claim(id, account.id, token, expires_at))?;
    Ok(Some(Session {
        id,
        account,
        last_seen_at: Timestamp(stored.get("last_seen_at")?),
        expires_at,
    }))
}

/// Whether a session is still there.
pub(crate) async fn exists(db: &mut SqliteConnection, user: UserId, id: SessionId) -> Result<bool> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?1 AND user_id = ?2)")
            .bind(id.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .fetch_one(db)
            .await?,
    )
}

pub(crate) async fn seen(db: &mut SqliteConnection, id: SessionId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE sessions SET last_seen_at = ?2 WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Those that are still good, the latest used first.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    user: UserId,
    seen_after: Timestamp,
    now: Timestamp,
) -> Result<Vec<SessionRow>> {
    let rows = sqlx::query(
        "SELECT id, created_at, last_seen_at, expires_at, address, user_agent FROM sessions
         WHERE user_id = ?1 AND last_seen_at > ?2 AND expires_at > ?3 ORDER BY last_seen_at DESC, id DESC",
    )
    .bind(user.as_bytes().as_slice())
    .bind(seen_after.0)
    .bind(now.0)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = StoredRow::new(row, "sessions", user.to_string());
            Ok(SessionRow {
                id: row.parse("id", SessionId::from_stored)?,
                created_at: Timestamp(row.get("created_at")?),
                last_seen_at: Timestamp(row.get("last_seen_at")?),
                expires_at: Timestamp(row.get("expires_at")?),
                address: row.get("address")?,
                user_agent: row.get("user_agent")?,
            })
        })
        .collect()
}

/// Ends one; whether there was one.
pub(crate) async fn delete(db: &mut SqliteConnection, user: UserId, id: SessionId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM sessions WHERE id = ?1 AND user_id = ?2")
        .bind(id.as_bytes().as_slice())
        .bind(user.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends all of a user's sessions but `kept`.
pub(crate) async fn delete_others(db: &mut SqliteConnection, user: UserId, kept: Option<SessionId>) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = ?1 AND id IS NOT ?2")
        .bind(user.as_bytes().as_slice())
        .bind(kept.map(|id| id.as_bytes().to_vec()))
        .execute(db)
        .await?;
    Ok(())
}
