//! Tables `instance`, `key_terms`, `data_keys`: keys as they are stored, wrapped.

use domain::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use crate::error::Result;
use crate::id::{DataKeyId, InstanceId, UserId};
use crate::keys::{WrappedDataKey, WrappedKey, WrappedTerm};

/// Which installation this database belongs to.
pub(crate) struct Instance {
    pub(crate) id: InstanceId,
    /// Of the root key that the keyring is wrapped under.
    pub(crate) root_fingerprint: String,
    /// The instance key.
    pub(crate) key: WrappedKey,
}

/// `None` for a database that has just been made, and may not even have tables.
pub(crate) async fn instance(db: &mut SqliteConnection) -> Result<Option<Instance>> {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'instance'")
        .fetch_one(&mut *db)
        .await?;
    if tables == 0 {
        return Ok(None);
    }
    let row = sqlx::query("SELECT id, root_fingerprint, wrapped, commitment FROM instance")
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let row = StoredRow::new(&row, "instance", "1");
        Ok(Instance {
            id: row.parse("id", InstanceId::from_stored)?,
            root_fingerprint: row.get("root_fingerprint")?,
            key: wrapped_key(&row)?,
        })
    })
    .transpose()
}

pub(crate) async fn insert_instance(db: &mut SqliteConnection, instance: &Instance, now: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO instance (only_row, id, root_fingerprint, wrapped, commitment, created_at) VALUES (1, ?1, ?2, ?3, ?4, ?5)")
        .bind(instance.id.as_bytes().as_slice())
        .bind(&instance.root_fingerprint)
        .bind(&instance.key.wrapped)
        .bind(&instance.key.commitment)
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn terms(db: &mut SqliteConnection) -> Result<Vec<WrappedTerm>> {
    let rows = sqlx::query("SELECT term, wrapped, commitment, retired_at FROM key_terms ORDER BY term")
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let row = StoredRow::new(row, "key_terms", "a term");
            Ok(WrappedTerm {
                term: row.get("term")?,
                key: wrapped_key(&row)?,
                retired: row.get::<Option<i64>>("retired_at")?.is_some(),
            })
        })
        .collect()
}

pub(crate) async fn insert_term(db: &mut SqliteConnection, term: &WrappedTerm, now: Timestamp) -> Result<()> {
    sqlx::query("INSERT INTO key_terms (term, wrapped, commitment, created_at) VALUES (?1, ?2, ?3, ?4)")
        .bind(term.term)
        .bind(&term.key.wrapped)
        .bind(&term.key.commitment)
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn insert_data_key(
    db: &mut SqliteConnection,
    user: UserId,
    key: &WrappedDataKey,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO data_keys (id, user_id, term, wrapped, commitment, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(key.id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .bind(key.term)
    .bind(&key.key.wrapped)
    .bind(&key.key.commitment)
    .bind(now.0)
    .execute(db)
    .await?;
    Ok(())
}

/// The user's key in use and how often it has encrypted.
pub(crate) async fn data_key_in_use(db: &mut SqliteConnection, user: UserId) -> Result<Option<(WrappedDataKey, i64)>> {
    let row = sqlx::query(
        "SELECT id, term, wrapped, commitment, encryptions FROM data_keys WHERE user_id = ?1 AND retired_at IS NULL",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok((
            data_key(&row)?,
            StoredRow::new(&row, "data_keys", user.to_string()).get("encryptions")?,
        ))
    })
    .transpose()
}

/// All keys that may still have to open something.
pub(crate) async fn data_keys(db: &mut SqliteConnection, user: UserId) -> Result<Vec<WrappedDataKey>> {
    let rows = sqlx::query("SELECT id, term, wrapped, commitment FROM data_keys WHERE user_id = ?1")
        .bind(user.as_bytes().as_slice())
        .fetch_all(db)
        .await?;
    rows.iter().map(data_key).collect()
}

pub(crate) async fn count_encryptions(db: &mut SqliteConnection, key: DataKeyId, more: i64) -> Result<()> {
    sqlx::query("UPDATE data_keys SET encryptions = encryptions + ?2 WHERE id = ?1")
        .bind(key.as_bytes().as_slice())
        .bind(more)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn retire_data_key(db: &mut SqliteConnection, key: DataKeyId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE data_keys SET retired_at = ?2 WHERE id = ?1")
        .bind(key.as_bytes().as_slice())
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) fn data_key(row: &SqliteRow) -> Result<WrappedDataKey> {
    let id = StoredRow::new(row, "data_keys", "unreadable id").parse("id", DataKeyId::from_stored)?;
    let row = StoredRow::new(row, "data_keys", id.to_string());
    Ok(WrappedDataKey {
        id,
        term: row.get("term")?,
        key: wrapped_key(&row)?,
    })
}

fn wrapped_key(row: &StoredRow<'_>) -> Result<WrappedKey> {
    Ok(WrappedKey {
        wrapped: row.get("wrapped")?,
        commitment: row.get("commitment")?,
    })
}
