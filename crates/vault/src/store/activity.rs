//! Tables `activity` and `name_sets`: what was done, and which secrets were handed out together.

use domain::{ActivityKind, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::StoredRow;
use crate::error::Result;
use crate::id::{RecordId, SandboxId, SecretId, UserId};

/// One thing that was done, about to be recorded.
pub(crate) struct NewRecord {
    pub(crate) user: UserId,
    pub(crate) at: Timestamp,
    pub(crate) kind: ActivityKind,
    pub(crate) actor: String,
    pub(crate) sandbox: Option<SandboxId>,
    /// Separated by blanks; `None` where a set is meant or none at all.
    pub(crate) names: Option<String>,
    pub(crate) name_set: Option<SetDigest>,
    pub(crate) address: Option<String>,
    pub(crate) detail: Option<String>,
}

/// Which set of secrets: the first 128 bits of the SHA-256 of their ids.
pub(crate) type SetDigest = [u8; 16];

/// Secrets that were handed out together.
pub(crate) struct NameSet {
    pub(crate) user: UserId,
    pub(crate) digest: SetDigest,
    pub(crate) ids: Vec<u8>,
    pub(crate) names: String,
}

/// A record as it is read.
pub(crate) struct StoredRecord {
    pub(crate) id: RecordId,
    pub(crate) at: Timestamp,
    pub(crate) kind: ActivityKind,
    pub(crate) actor: String,
    pub(crate) sandbox: Option<SandboxId>,
    pub(crate) sandbox_label: Option<String>,
    pub(crate) names: String,
    pub(crate) address: Option<String>,
    pub(crate) detail: Option<String>,
}

/// When a secret was last handed out, and to which sandbox.
pub(crate) struct LastUse {
    pub(crate) secret_ids: Vec<SecretId>,
    pub(crate) at: Timestamp,
    pub(crate) sandbox: Option<String>,
}

/// Writes records in one statement, however many.
pub(crate) async fn insert(db: &mut SqliteConnection, records: &[NewRecord]) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO activity (user_id, id, at, kind, actor, sandbox_id, name_set, names, address, detail) ",
    );
    query.push_values(records, |mut row, record| {
        row.push_bind(record.user.as_bytes().as_slice())
            .push_bind(RecordId::make().as_bytes().to_vec())
            .push_bind(record.at.0)
            .push_bind(record.kind.as_str())
            .push_bind(&record.actor)
            .push_bind(record.sandbox.map(|id| id.as_bytes().to_vec()))
            .push_bind(record.name_set.map(|digest| digest.to_vec()))
            .push_bind(record.names.as_deref())
            .push_bind(record.address.as_deref())
            .push_bind(record.detail.as_deref());
    });
    query.build().execute(db).await?;
    Ok(())
}

/// Notes that sets were handed out, each now and to this sandbox.
pub(crate) async fn note_sets(db: &mut SqliteConnection, sets: &[(&NameSet, SandboxId)], now: Timestamp) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO name_sets (user_id, digest, secret_ids, names, last_fetch_at, last_sandbox) ",
    );
    query.push_values(sets, |mut row, (set, sandbox)| {
        row.push_bind(set.user.as_bytes().as_slice())
            .push_bind(set.digest.as_slice())
            .push_bind(set.ids.as_slice())
            .push_bind(&set.names)
            .push_bind(now.0)
            .push_bind(sandbox.as_bytes().to_vec());
    });
    query.push(
        " ON CONFLICT (user_id, digest) DO UPDATE
          SET last_fetch_at = excluded.last_fetch_at, last_sandbox = excluded.last_sandbox",
    );
    query.build().execute(db).await?;
    Ok(())
}

/// Notes the time of the last fetch on each of these sandboxes.
pub(crate) async fn note_fetches(db: &mut SqliteConnection, sandboxes: &[SandboxId], now: Timestamp) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new("UPDATE sandbox_sessions SET last_fetch_at = ");
    query.push_bind(now.0).push(" WHERE id IN (");
    let mut ids = query.separated(", ");
    for sandbox in sandboxes {
        ids.push_bind(sandbox.as_bytes().to_vec());
    }
    query.push(")").build().execute(db).await?;
    Ok(())
}

/// A page of a user's records before `before`, the newest first.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    user: UserId,
    before: Option<RecordId>,
    limit: u32,
) -> Result<Vec<StoredRecord>> {
    let rows = sqlx::query(
        "SELECT a.id, a.at, a.kind, a.actor, a.sandbox_id, a.address, a.detail,
                coalesce(n.names, a.names, '') AS names, s.label AS sandbox_label
         FROM activity a
         LEFT JOIN name_sets n ON n.user_id = a.user_id AND n.digest = a.name_set
         LEFT JOIN sandbox_sessions s ON s.id = a.sandbox_id
         WHERE a.user_id = ?1 AND (?2 IS NULL OR a.id < ?2) ORDER BY a.id DESC LIMIT ?3",
    )
    .bind(user.as_bytes().as_slice())
    .bind(before.map(|id| id.as_bytes().to_vec()))
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(record).collect()
}

/// Each set a user's sandboxes have fetched, with its latest fetch.
pub(crate) async fn last_uses(db: &mut SqliteConnection, user: UserId) -> Result<Vec<LastUse>> {
    let rows = sqlx::query(
        "SELECT n.secret_ids, n.last_fetch_at, s.label, s.id AS sandbox_id FROM name_sets n
         LEFT JOIN sandbox_sessions s ON s.id = n.last_sandbox WHERE n.user_id = ?1",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = StoredRow::new(row, "name_sets", user.to_string());
            let sandbox = row.parse("sandbox_id", optional_sandbox)?;
            Ok(LastUse {
                secret_ids: row.parse("secret_ids", |bytes: &[u8]| {
                    bytes.chunks(16).map(SecretId::from_stored).collect::<Option<Vec<_>>>()
                })?,
                at: Timestamp(row.get("last_fetch_at")?),
                sandbox: row
                    .get::<Option<String>>("label")?
                    .or_else(|| sandbox.map(|id| id.to_string())),
            })
        })
        .collect()
}

/// Forgets records older than `before`, and the sandboxes and tokens that only they still mention.
pub(crate) async fn forget(db: &mut SqliteConnection, before: Timestamp) -> Result<()> {
    for statement in [
        "DELETE FROM activity WHERE at < ?1",
        "DELETE FROM name_sets WHERE last_fetch_at < ?1",
        "DELETE FROM sandbox_sessions WHERE expires_at < ?1",
        "DELETE FROM api_tokens WHERE revoked_at < ?1",
    ] {
        sqlx::query(statement).bind(before.0).execute(&mut *db).await?;
    }
    Ok(())
}

fn record(row: &SqliteRow) -> Result<StoredRecord> {
    let id = StoredRow::new(row, "activity", "unreadable id").parse("id", RecordId::from_stored)?;
    let row = StoredRow::new(row, "activity", id.to_string());
    Ok(StoredRecord {
        id,
        at: Timestamp(row.get("at")?),
        kind: row.parse("kind", |text: &str| text.parse().ok())?,
        actor: row.get("actor")?,
        sandbox: row.parse("sandbox_id", optional_sandbox)?,
        sandbox_label: row.get("sandbox_label")?,
        names: row.get("names")?,
        address: row.get("address")?,
        detail: row.get("detail")?,
    })
}

fn optional_sandbox(bytes: Option<&[u8]>) -> Option<Option<SandboxId>> {
    bytes.map_or(Some(None), |bytes| SandboxId::from_stored(bytes).map(Some))
}
