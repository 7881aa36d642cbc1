//! Reading the records.

use domain::{ActivityKind, SecretName, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::activity::ActivityFilter;
use crate::error::Result;
use crate::id::{RecordId, SandboxId, UserId};
use crate::store::row::StoredRow;

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

/// Records by their ids, which begin with their time.
#[derive(Clone, Copy)]
pub(crate) struct IdRange {
    /// The first that is meant.
    pub(crate) from: Option<RecordId>,
    /// The first that is not.
    pub(crate) before: Option<RecordId>,
}

impl IdRange {
    /// Bounds for a statement; without one, below or above every id, so that the same statement seeks either way.
    fn bounds(self) -> [Vec<u8>; 2] {
        let bound = |id: Option<RecordId>, none: u8| id.map_or_else(|| vec![none; 16], |id| id.as_bytes().to_vec());
        [bound(self.from, 0), bound(self.before, 0xff)]
    }
}

/// At most `limit` of a user's records in that range that the filter lets through, the newest first, from among the
/// newest `most`.
pub(crate) async fn list(
    db: &mut SqliteConnection,
    user: UserId,
    filter: &ActivityFilter,
    range: IdRange,
    most: u32,
    limit: u32,
) -> Result<Vec<StoredRecord>> {
    let [from, before] = range.bounds();
    let rows = sqlx::query(
        "SELECT a.id, a.at, a.kind, a.actor, a.sandbox_id, a.address, a.detail,
                coalesce(n.names, a.names, '') AS names, s.label AS sandbox_label
         FROM (SELECT * FROM activity WHERE user_id = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4) a
         LEFT JOIN name_sets n ON n.user_id = a.user_id AND n.digest = a.name_set
         LEFT JOIN sandbox_sessions s ON s.id = a.sandbox_id
         WHERE (?5 IS NULL OR instr(' ' || coalesce(n.names, a.names, '') || ' ', ' ' || ?5 || ' ') > 0)
           AND (?6 IS NULL OR instr(lower(s.label), lower(?6)) > 0
                OR (a.actor LIKE 'token %' AND instr(lower(substr(a.actor, 7)), lower(?6)) > 0))
         ORDER BY a.id DESC LIMIT ?7",
    )
    .bind(user.as_bytes().as_slice())
    .bind(from)
    .bind(before)
    .bind(most)
    .bind(filter.name.as_ref().map(SecretName::as_str))
    .bind(filter.agent.as_deref())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(record).collect()
}

/// The id of a user's `number`th newest record in that range, if there are so many.
pub(crate) async fn nth(
    db: &mut SqliteConnection,
    user: UserId,
    range: IdRange,
    number: u32,
) -> Result<Option<RecordId>> {
    let [from, before] = range.bounds();
    let row = sqlx::query(
        "SELECT id FROM activity WHERE user_id = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT 1 OFFSET ?4",
    )
    .bind(user.as_bytes().as_slice())
    .bind(from)
    .bind(before)
    .bind(number.saturating_sub(1))
    .fetch_optional(db)
    .await?;
    row.map(|row| StoredRow::new(&row, "activity", "unreadable id").parse("id", RecordId::from_stored))
        .transpose()
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
