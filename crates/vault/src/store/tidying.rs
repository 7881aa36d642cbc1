//! What is too old to be kept: sessions that have ended, and what happened longer ago than records are kept.

use domain::Timestamp;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::accounts;
use crate::error::Result;
use crate::id::{RecordId, UserId};

/// What counts as old.
#[derive(Clone, Copy)]
pub(crate) struct Old {
    /// Sessions that nobody has used since.
    pub(crate) unseen_since: Timestamp,
    pub(crate) now: Timestamp,
    /// Records, requests, sandboxes and tokens that ended before.
    pub(crate) before: Timestamp,
}

/// Which time a column is held against.
#[derive(Clone, Copy)]
enum Limit {
    UnseenSince,
    Now,
    Before,
    /// As the id of a record: those begin with their time, and rows lie in the order of ids, so the old ones are found
    /// without looking at the others.
    BeforeAsId,
}

const OLD: [(&str, &str, Limit); 8] = [
    ("sessions", "last_seen_at <=", Limit::UnseenSince),
    ("sessions", "expires_at <=", Limit::Now),
    ("activity", "id <", Limit::BeforeAsId),
    ("name_sets", "last_fetch_at <", Limit::Before),
    ("sandbox_sessions", "expires_at <", Limit::Before),
    ("api_tokens", "revoked_at <", Limit::Before),
    ("api_tokens", "expires_at <", Limit::Before),
    ("requests", "ended_at <", Limit::Before),
];

impl Limit {
    /// Of the parameter in [`users_after`].
    fn position(self) -> u8 {
        match self {
            Self::UnseenSince => 2,
            Self::Now => 3,
            Self::Before => 4,
            Self::BeforeAsId => 5,
        }
    }
}

impl Old {
    fn id(&self) -> Vec<u8> {
        RecordId::lowest_at(self.before).as_bytes().to_vec()
    }
}

/// Some users after `after`, in the order of their ids, and whether each has something old. Only reads: whoever has nothing
/// old costs the writer nothing.
pub(crate) async fn users_after(
    db: &mut SqliteConnection,
    old: &Old,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<(UserId, bool)>> {
    let any: Vec<String> = OLD
        .iter()
        .map(|(table, column, limit)| {
            let position = limit.position();
            format!("EXISTS (SELECT 1 FROM {table} t WHERE t.user_id = u.id AND t.{column} ?{position})")
        })
        .collect();
    let any = any.join(" OR ");
    let query = format!(
        "SELECT u.id AS user_id, ({any}) AS has_old
         FROM (SELECT id FROM users WHERE id > ?1 ORDER BY id LIMIT ?6) u ORDER BY u.id"
    );
    let rows = sqlx::query(AssertSqlSafe(query))
        .bind(after.map_or_else(Vec::new, |id| id.as_bytes().to_vec()))
        .bind(old.unseen_since.0)
        .bind(old.now.0)
        .bind(old.before.0)
        .bind(old.id())
        .bind(limit)
        .fetch_all(db)
        .await?;
    let old = rows.iter().map(|row| row.try_get("has_old"));
    let old = old.collect::<std::result::Result<Vec<bool>, _>>()?;
    Ok(accounts::ids(&rows)?.into_iter().zip(old).collect())
}

/// Removes what is old of a user.
pub(crate) async fn forget(db: &mut SqliteConnection, old: &Old, user: UserId) -> Result<()> {
    for (table, column, limit) in OLD {
        let statement = format!("DELETE FROM {table} WHERE user_id = ?1 AND {column} ?2");
        let query = sqlx::query(AssertSqlSafe(statement)).bind(user.as_bytes().as_slice());
        let query = match limit {
            Limit::UnseenSince => query.bind(old.unseen_since.0),
            Limit::Now => query.bind(old.now.0),
            Limit::Before => query.bind(old.before.0),
            Limit::BeforeAsId => query.bind(old.id()),
        };
        query.execute(&mut *db).await?;
    }
    Ok(())
}
