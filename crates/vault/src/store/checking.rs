//! What is looked at to know whether a database is whole, and what is ended where one was put back.

use domain::Timestamp;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::requests;
use super::row::StoredRow;
use crate::error::Result;
use crate::id::{RequestId, UserId};
use crate::keys::InstanceKey;
use crate::token::HashedToken;

/// What SQLite itself finds: nothing, in a database that is whole.
pub(super) async fn damage(db: &mut SqliteConnection) -> Result<Vec<String>> {
    let mut found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(20)")
        .fetch_all(&mut *db)
        .await?;
    found.retain(|line| line != "ok");
    match sqlx::query("PRAGMA foreign_key_check").fetch_all(db).await {
        Ok(rows) => {
            for row in rows {
                let (table, parent): (String, String) = (row.try_get(0)?, row.try_get(2)?);
                found.push(format!(
                    "a row of {table} belongs to a row of {parent} that is not there"
                ));
            }
        }
        // It cannot be read: what was found before says why.
        Err(_) if !found.is_empty() => {}
        Err(error) => return Err(error.into()),
    }
    Ok(found)
}

/// Tables whose rows stand for a token.
#[derive(Clone, Copy)]
pub(crate) enum TokenTable {
    ApiTokens,
    Sandboxes,
    Sessions,
}

/// The hashes of a user's tokens of one kind, for looking each up as its token would.
pub(crate) async fn token_hashes(
    db: &mut SqliteConnection,
    table: TokenTable,
    user: UserId,
) -> Result<Vec<HashedToken>> {
    let table = match table {
        TokenTable::ApiTokens => "api_tokens",
        TokenTable::Sandboxes => "sandbox_sessions",
        TokenTable::Sessions => "sessions",
    };
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT token_hash FROM {table} WHERE user_id = ?1"
    )))
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| StoredRow::new(row, table, user.to_string()).parse("token_hash", HashedToken::from_stored))
        .collect()
}

/// The ids of a user's requests.
pub(crate) async fn request_ids(db: &mut SqliteConnection, user: UserId) -> Result<Vec<RequestId>> {
    let rows = sqlx::query("SELECT id FROM requests WHERE user_id = ?1")
        .bind(user.as_bytes().as_slice())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| StoredRow::new(row, "requests", user.to_string()).parse("id", RequestId::from_stored))
        .collect()
}

/// When the newest record was written; `None` where there is none.
pub(crate) async fn newest_record(db: &mut SqliteConnection) -> Result<Option<Timestamp>> {
    let at: Option<i64> = sqlx::query_scalar("SELECT max(at) FROM activity").fetch_one(db).await?;
    Ok(at.map(Timestamp))
}

/// Ends every browser's session and every sandbox.
pub(crate) async fn end_sessions(db: &mut SqliteConnection, now: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM sessions").execute(&mut *db).await?;
    sqlx::query("UPDATE sandbox_sessions SET closed_at = ?1 WHERE closed_at IS NULL")
        .bind(now.0)
        .execute(&mut *db)
        .await?;
    Ok(())
}

/// Requests that may be answered in a secure field.
pub(crate) async fn requests_with_fields(db: &mut SqliteConnection) -> Result<Vec<RequestId>> {
    let rows = sqlx::query("SELECT id FROM requests WHERE field_hash IS NOT NULL")
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| StoredRow::new(row, "requests", "unreadable id").parse("id", RequestId::from_stored))
        .collect()
}

/// Ends a request's secure field.
pub(crate) async fn end_field(db: &mut SqliteConnection, key: &InstanceKey, id: RequestId) -> Result<()> {
    if let Some(mut request) = requests::by_id(&mut *db, key, id).await? {
        request.field = None;
        requests::update(db, key, &request).await?;
    }
    Ok(())
}
