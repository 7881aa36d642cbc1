//! Tables `conversations` and `conversation_entries`. What they say is sealed: this module moves envelopes.

use domain::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use crate::error::Result;
use crate::id::{ConversationId, DataKeyId, UserId};

/// A conversation's row.
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    pub(crate) user: UserId,
    pub(crate) head: Sealed,
    /// How many entries there are; the next one's position.
    pub(crate) entries: u32,
    pub(crate) working_since: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) changed_at: Timestamp,
}

/// Something sealed, and with which key.
pub(crate) struct Sealed {
    pub(crate) data_key: DataKeyId,
    pub(crate) envelope: Vec<u8>,
}

/// An entry, sealed.
pub(crate) struct SealedEntry {
    pub(crate) conversation: ConversationId,
    pub(crate) position: u32,
    pub(crate) sealed: Sealed,
}

const COLUMNS: &str = "id, user_id, data_key_id, head, entries, working_since, created_at, changed_at";

pub(crate) async fn insert(db: &mut SqliteConnection, conversation: &Conversation) -> Result<()> {
    sqlx::query(
        "INSERT INTO conversations (id, user_id, data_key_id, head, entries, working_since, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(conversation.id.as_bytes().as_slice())
    .bind(conversation.user.as_bytes().as_slice())
    .bind(conversation.head.data_key.as_bytes().as_slice())
    .bind(&conversation.head.envelope)
    .bind(conversation.entries)
    .bind(conversation.working_since.map(|at| at.0))
    .bind(conversation.created_at.0)
    .bind(conversation.changed_at.0)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn set_head(
    db: &mut SqliteConnection,
    id: ConversationId,
    head: &Sealed,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE conversations SET data_key_id = ?2, head = ?3, changed_at = ?4 WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .bind(head.data_key.as_bytes().as_slice())
        .bind(&head.envelope)
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that its agent is at work, or no longer.
pub(crate) async fn set_working(db: &mut SqliteConnection, id: ConversationId, since: Option<Timestamp>) -> Result<()> {
    sqlx::query("UPDATE conversations SET working_since = ?2 WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .bind(since.map(|at| at.0))
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn exists(db: &mut SqliteConnection, user: UserId, id: ConversationId) -> Result<bool> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM conversations WHERE id = ?1 AND user_id = ?2)")
            .bind(id.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .fetch_one(db)
            .await?,
    )
}

pub(crate) async fn by_id(db: &mut SqliteConnection, user: UserId, id: ConversationId) -> Result<Option<Conversation>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM conversations WHERE id = ?1 AND user_id = ?2"
    )))
    .bind(id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(conversation).transpose()
}

/// A user's, what changed last first.
pub(crate) async fn of_user(db: &mut SqliteConnection, user: UserId) -> Result<Vec<Conversation>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM conversations WHERE user_id = ?1 ORDER BY changed_at DESC, id DESC"
    )))
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter().map(conversation).collect()
}

/// Those whose agent was at work when the server ended.
pub(crate) async fn working(db: &mut SqliteConnection) -> Result<Vec<Conversation>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM conversations WHERE working_since IS NOT NULL"
    )))
    .fetch_all(db)
    .await?;
    rows.iter().map(conversation).collect()
}

pub(crate) async fn count(db: &mut SqliteConnection, user: UserId) -> Result<i64> {
    Ok(
        sqlx::query_scalar("SELECT count(*) FROM conversations WHERE user_id = ?1")
            .bind(user.as_bytes().as_slice())
            .fetch_one(db)
            .await?,
    )
}

/// Whether there was one.
pub(crate) async fn delete(db: &mut SqliteConnection, user: UserId, id: ConversationId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM conversations WHERE id = ?1 AND user_id = ?2")
        .bind(id.as_bytes().as_slice())
        .bind(user.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Writes an entry at its place, over what stood there.
pub(crate) async fn put_entry(db: &mut SqliteConnection, entry: &SealedEntry, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO conversation_entries (conversation_id, position, data_key_id, envelope) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (conversation_id, position) DO UPDATE SET data_key_id = ?3, envelope = ?4",
    )
    .bind(entry.conversation.as_bytes().as_slice())
    .bind(entry.position)
    .bind(entry.sealed.data_key.as_bytes().as_slice())
    .bind(&entry.sealed.envelope)
    .execute(&mut *db)
    .await?;
    sqlx::query("UPDATE conversations SET entries = max(entries, ?2 + 1), changed_at = ?3 WHERE id = ?1")
        .bind(entry.conversation.as_bytes().as_slice())
        .bind(entry.position)
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Bytes that a conversation's entries take.
pub(crate) async fn bytes(db: &mut SqliteConnection, id: ConversationId) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "SELECT coalesce(sum(octet_length(envelope)), 0) FROM conversation_entries WHERE conversation_id = ?1",
    )
    .bind(id.as_bytes().as_slice())
    .fetch_one(db)
    .await?)
}

/// A conversation's entries from that one on, in order.
pub(crate) async fn entries(db: &mut SqliteConnection, id: ConversationId, from: u32) -> Result<Vec<SealedEntry>> {
    let rows = sqlx::query(
        "SELECT conversation_id, position, data_key_id, envelope FROM conversation_entries
         WHERE conversation_id = ?1 AND position >= ?2 ORDER BY position",
    )
    .bind(id.as_bytes().as_slice())
    .bind(from)
    .fetch_all(db)
    .await?;
    rows.iter().map(entry).collect()
}

fn conversation(row: &SqliteRow) -> Result<Conversation> {
    let id = StoredRow::new(row, "conversations", "unreadable id").parse("id", ConversationId::from_stored)?;
    let row = StoredRow::new(row, "conversations", id.to_string());
    Ok(Conversation {
        id,
        user: row.parse("user_id", UserId::from_stored)?,
        head: Sealed {
            data_key: row.parse("data_key_id", DataKeyId::from_stored)?,
            envelope: row.get("head")?,
        },
        entries: row.get("entries")?,
        working_since: row.get::<Option<i64>>("working_since")?.map(Timestamp),
        created_at: Timestamp(row.get("created_at")?),
        changed_at: Timestamp(row.get("changed_at")?),
    })
}

pub(super) fn entry(row: &SqliteRow) -> Result<SealedEntry> {
    const TABLE: &str = "conversation_entries";
    let conversation =
        StoredRow::new(row, TABLE, "unreadable id").parse("conversation_id", ConversationId::from_stored)?;
    let row = StoredRow::new(row, TABLE, conversation.to_string());
    Ok(SealedEntry {
        conversation,
        position: row.get("position")?,
        sealed: Sealed {
            data_key: row.parse("data_key_id", DataKeyId::from_stored)?,
            envelope: row.get("envelope")?,
        },
    })
}
