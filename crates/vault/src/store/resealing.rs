//! What is sealed with a user's data keys, wherever it stands, for sealing it anew under another.

use sqlx::SqliteConnection;

use super::conversations::{Sealed, SealedEntry, entry};
use super::row::StoredRow;
use super::secrets::{SealedSecret, sealed_secret};
use crate::error::Result;
use crate::id::{ConversationId, DataKeyId, UserId};

/// Values that are sealed with another key than `in_use`, every version of them.
pub(crate) async fn values_not_under(
    db: &mut SqliteConnection,
    user: UserId,
    in_use: DataKeyId,
    limit: u32,
) -> Result<Vec<SealedSecret>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, v.version, v.data_key_id, v.envelope
         FROM secrets s JOIN secret_versions v ON v.secret_id = s.id
         WHERE s.user_id = ?1 AND v.data_key_id <> ?2 LIMIT ?3",
    )
    .bind(user.as_bytes().as_slice())
    .bind(in_use.as_bytes().as_slice())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(sealed_secret).collect()
}

/// Writes a value as it is sealed from now on, in its place.
pub(crate) async fn put_value(db: &mut SqliteConnection, sealed: &SealedSecret) -> Result<()> {
    sqlx::query("UPDATE secret_versions SET data_key_id = ?3, envelope = ?4 WHERE secret_id = ?1 AND version = ?2")
        .bind(sealed.id.as_bytes().as_slice())
        .bind(sealed.version)
        .bind(sealed.data_key.as_bytes().as_slice())
        .bind(&sealed.envelope)
        .execute(db)
        .await?;
    Ok(())
}

/// Heads of conversations that are sealed with another key than `in_use`.
pub(crate) async fn heads_not_under(
    db: &mut SqliteConnection,
    user: UserId,
    in_use: DataKeyId,
    limit: u32,
) -> Result<Vec<(ConversationId, Sealed)>> {
    let rows = sqlx::query(
        "SELECT id, data_key_id, head FROM conversations WHERE user_id = ?1 AND data_key_id <> ?2 LIMIT ?3",
    )
    .bind(user.as_bytes().as_slice())
    .bind(in_use.as_bytes().as_slice())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let id = StoredRow::new(row, "conversations", "unreadable id").parse("id", ConversationId::from_stored)?;
            let row = StoredRow::new(row, "conversations", id.to_string());
            let head = Sealed {
                data_key: row.parse("data_key_id", DataKeyId::from_stored)?,
                envelope: row.get("head")?,
            };
            Ok((id, head))
        })
        .collect()
}

/// Writes a head as it is sealed from now on.
pub(crate) async fn put_head(db: &mut SqliteConnection, id: ConversationId, head: &Sealed) -> Result<()> {
    sqlx::query("UPDATE conversations SET data_key_id = ?2, head = ?3 WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .bind(head.data_key.as_bytes().as_slice())
        .bind(&head.envelope)
        .execute(db)
        .await?;
    Ok(())
}

/// Entries of conversations that are sealed with another key than `in_use`.
pub(crate) async fn entries_not_under(
    db: &mut SqliteConnection,
    user: UserId,
    in_use: DataKeyId,
    limit: u32,
) -> Result<Vec<SealedEntry>> {
    let rows = sqlx::query(
        "SELECT e.conversation_id, e.position, e.data_key_id, e.envelope
         FROM conversations c JOIN conversation_entries e ON e.conversation_id = c.id
         WHERE c.user_id = ?1 AND e.data_key_id <> ?2 LIMIT ?3",
    )
    .bind(user.as_bytes().as_slice())
    .bind(in_use.as_bytes().as_slice())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(entry).collect()
}

/// Writes an entry as it is sealed from now on.
pub(crate) async fn put_entry(db: &mut SqliteConnection, entry: &SealedEntry) -> Result<()> {
    sqlx::query(
        "UPDATE conversation_entries SET data_key_id = ?3, envelope = ?4 WHERE conversation_id = ?1 AND position = ?2",
    )
    .bind(entry.conversation.as_bytes().as_slice())
    .bind(entry.position)
    .bind(entry.sealed.data_key.as_bytes().as_slice())
    .bind(&entry.sealed.envelope)
    .execute(db)
    .await?;
    Ok(())
}
