//! The same tables over the years: keys that take the place of others.

use domain::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::keys::{Instance, data_key};
use super::row::StoredRow;
use crate::error::Result;
use crate::id::{DataKeyId, UserId};
use crate::keys::{WrappedDataKey, WrappedTerm};

/// A term and what is under it.
pub(crate) struct TermRow {
    pub(crate) term: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) retired: bool,
    pub(crate) data_keys: i64,
}

/// Data keys, all together.
pub(crate) struct DataKeyCounts {
    pub(crate) in_use: i64,
    pub(crate) retired: i64,
    pub(crate) most_encryptions: i64,
}

/// Writes under which root key the instance's keys are wrapped from now on.
pub(crate) async fn set_root(db: &mut SqliteConnection, instance: &Instance, terms: &[WrappedTerm]) -> Result<()> {
    sqlx::query("UPDATE instance SET root_fingerprint = ?1, wrapped = ?2, commitment = ?3")
        .bind(&instance.root_fingerprint)
        .bind(&instance.key.wrapped)
        .bind(&instance.key.commitment)
        .execute(&mut *db)
        .await?;
    for term in terms {
        sqlx::query("UPDATE key_terms SET wrapped = ?2, commitment = ?3 WHERE term = ?1")
            .bind(term.term)
            .bind(&term.key.wrapped)
            .bind(&term.key.commitment)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// No new data key comes under the terms before `term`.
pub(crate) async fn retire_terms_before(db: &mut SqliteConnection, term: i64, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE key_terms SET retired_at = ?2 WHERE term < ?1 AND retired_at IS NULL")
        .bind(term)
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets the terms before `term`, under which nothing may be any more: else it fails, and changes nothing.
pub(crate) async fn delete_terms_before(db: &mut SqliteConnection, term: i64) -> Result<()> {
    sqlx::query("DELETE FROM key_terms WHERE term < ?1")
        .bind(term)
        .execute(db)
        .await?;
    Ok(())
}

/// Some of the data keys that are wrapped under an earlier term, and whose each is: by id, those after `after`.
pub(crate) async fn data_keys_before(
    db: &mut SqliteConnection,
    term: i64,
    after: Option<DataKeyId>,
    limit: u32,
) -> Result<Vec<(UserId, WrappedDataKey)>> {
    let rows = sqlx::query(
        "SELECT id, user_id, term, wrapped, commitment FROM data_keys WHERE term < ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    )
    .bind(term)
    .bind(after.map(|id| id.as_bytes().to_vec()).unwrap_or_default())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let key = data_key(row)?;
            let user = StoredRow::new(row, "data_keys", key.id.to_string()).parse("user_id", UserId::from_stored)?;
            Ok((user, key))
        })
        .collect()
}

/// Writes how a data key is wrapped from now on.
pub(crate) async fn rewrap_data_key(db: &mut SqliteConnection, key: &WrappedDataKey) -> Result<()> {
    sqlx::query("UPDATE data_keys SET term = ?2, wrapped = ?3, commitment = ?4 WHERE id = ?1")
        .bind(key.id.as_bytes().as_slice())
        .bind(key.term)
        .bind(&key.key.wrapped)
        .bind(&key.key.commitment)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that a user's values are to be sealed anew.
pub(crate) async fn begin_work(db: &mut SqliteConnection, user: UserId, now: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO key_work (user_id, started_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(user.as_bytes().as_slice())
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets the user's keys that are not in use, and that there was something to do. Nothing may be sealed with them any
/// more: whatever is goes with them.
pub(crate) async fn end_work(db: &mut SqliteConnection, user: UserId) -> Result<()> {
    for statement in [
        "DELETE FROM data_keys WHERE user_id = ?1 AND retired_at IS NOT NULL",
        "DELETE FROM key_work WHERE user_id = ?1",
    ] {
        sqlx::query(statement)
            .bind(user.as_bytes().as_slice())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Users whose values are being sealed anew.
pub(crate) async fn work(db: &mut SqliteConnection) -> Result<Vec<UserId>> {
    let rows = sqlx::query("SELECT user_id FROM key_work ORDER BY started_at")
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| StoredRow::new(row, "key_work", "a user").parse("user_id", UserId::from_stored))
        .collect()
}

/// All terms, the oldest first.
pub(crate) async fn term_rows(db: &mut SqliteConnection) -> Result<Vec<TermRow>> {
    let rows = sqlx::query(
        "SELECT t.term, t.created_at, t.retired_at, (SELECT count(*) FROM data_keys k WHERE k.term = t.term) AS data_keys
         FROM key_terms t ORDER BY t.term",
    )
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = StoredRow::new(row, "key_terms", "a term");
            Ok(TermRow {
                term: row.get("term")?,
                created_at: Timestamp(row.get("created_at")?),
                retired: row.get::<Option<i64>>("retired_at")?.is_some(),
                data_keys: row.get("data_keys")?,
            })
        })
        .collect()
}

pub(crate) async fn data_key_counts(db: &mut SqliteConnection) -> Result<DataKeyCounts> {
    let row = sqlx::query(
        "SELECT count(*) FILTER (WHERE retired_at IS NULL) AS in_use,
                count(*) FILTER (WHERE retired_at IS NOT NULL) AS retired,
                coalesce(max(encryptions) FILTER (WHERE retired_at IS NULL), 0) AS most
         FROM data_keys",
    )
    .fetch_one(db)
    .await?;
    Ok(DataKeyCounts {
        in_use: row.try_get("in_use")?,
        retired: row.try_get("retired")?,
        most_encryptions: row.try_get("most")?,
    })
}
