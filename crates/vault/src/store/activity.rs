//! Tables `activity` and `name_sets`: what was done, and which secrets were handed out together.

mod read;

use domain::{ActivityKind, SecretName, Timestamp};
use sha2::{Digest, Sha256};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::row::StoredRow;
use crate::error::Result;
use crate::id::{RecordId, SandboxId, SecretId, UserId};

pub(crate) use read::{IdRange, StoredRecord, list, nth};

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

/// All secrets of a user, as they are handed out together.
pub(crate) struct NameSet {
    pub(crate) user: UserId,
    pub(crate) digest: SetDigest,
    pub(crate) ids: Vec<u8>,
    pub(crate) names: String,
}

/// The newest fetch of all of a user's secrets.
pub(crate) struct LastFetch {
    pub(crate) secret_ids: Vec<SecretId>,
    pub(crate) at: Timestamp,
    /// The sandbox's label, or its id.
    pub(crate) sandbox: Option<String>,
}

impl NameSet {
    /// The set of these secrets, which are all of the user's.
    pub(crate) fn of<'a>(user: UserId, secrets: impl Iterator<Item = (SecretId, &'a SecretName)>) -> Self {
        let (mut ids, mut names) = (Vec::new(), String::new());
        for (id, name) in secrets {
            ids.extend_from_slice(id.as_bytes());
            if !names.is_empty() {
                names.push(' ');
            }
            names.push_str(name.as_str());
        }
        let digest = Sha256::digest(&ids).first_chunk::<16>().copied().unwrap_or_default();
        Self {
            user,
            digest,
            ids,
            names,
        }
    }
}

/// Writes records in one statement, however many.
pub(crate) async fn insert<'a>(
    db: &mut SqliteConnection,
    records: impl IntoIterator<Item = &'a NewRecord>,
) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::default();
    push_records(&mut query, records);
    query.build().execute(db).await?;
    Ok(())
}

/// Records of fetches and what goes with them.
pub(crate) struct Fetches<'a> {
    pub(crate) now: Timestamp,
    pub(crate) records: Vec<&'a NewRecord>,
    /// That these sets were handed out now, each to its sandbox.
    pub(crate) sets: Vec<(&'a NameSet, SandboxId)>,
    /// That of these secrets some, not all, were.
    pub(crate) uses: Vec<(&'a [SecretId], SandboxId)>,
    /// Which are noted to have fetched.
    pub(crate) sandboxes: Vec<SandboxId>,
}

impl Fetches<'_> {
    /// Writes the statements.
    pub(crate) fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        push_records(query, self.records.iter().copied());
        if !self.sets.is_empty() {
            push_sets(query.push("; "), &self.sets, self.now);
        }
        if !self.sandboxes.is_empty() {
            push_fetches(query.push("; "), &self.sandboxes, self.now);
        }
        for (secrets, sandbox) in &self.uses {
            // SQLite takes 32,766 parameters a statement; an account may be allowed more secrets.
            for some in secrets.chunks(1000) {
                push_uses(query.push("; "), some, *sandbox, self.now);
            }
        }
    }

    /// Whether their text comes again and again: there is one for each number of records. With more than one set or sandbox it
    /// is hardly ever the same.
    pub(crate) fn is_usual(&self) -> bool {
        self.sets.len() <= 1 && self.sandboxes.len() <= 1 && self.uses.is_empty()
    }
}

fn push_records<'a>(query: &mut QueryBuilder<Sqlite>, records: impl IntoIterator<Item = &'a NewRecord>) {
    query.push("INSERT INTO activity (user_id, id, at, kind, actor, sandbox_id, name_set, names, address, detail) ");
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
}

fn push_sets(query: &mut QueryBuilder<Sqlite>, sets: &[(&NameSet, SandboxId)], now: Timestamp) {
    query.push("INSERT INTO name_sets (user_id, digest, secret_ids, names, last_fetch_at, last_sandbox) ");
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
}

fn push_fetches(query: &mut QueryBuilder<Sqlite>, sandboxes: &[SandboxId], now: Timestamp) {
    query.push("UPDATE sandbox_sessions SET last_fetch_at = ");
    query.push_bind(now.0).push(" WHERE id IN (");
    let mut ids = query.separated(", ");
    for sandbox in sandboxes {
        ids.push_bind(sandbox.as_bytes().to_vec());
    }
    query.push(")");
}

fn push_uses(query: &mut QueryBuilder<Sqlite>, secrets: &[SecretId], sandbox: SandboxId, now: Timestamp) {
    query
        .push("UPDATE secrets SET last_used_at = ")
        .push_bind(now.0)
        .push(", last_used_by = ")
        .push_bind(sandbox.as_bytes().to_vec())
        .push(" WHERE id IN (");
    let mut ids = query.separated(", ");
    for secret in secrets {
        ids.push_bind(secret.as_bytes().to_vec());
    }
    query.push(")");
}

/// The newest fetch of everything, which tells the last use of every secret that was there then.
pub(crate) async fn last_fetch(db: &mut SqliteConnection, user: UserId) -> Result<Option<LastFetch>> {
    let row = sqlx::query(
        "SELECT n.secret_ids, n.last_fetch_at, s.label, n.last_sandbox FROM name_sets n
         LEFT JOIN sandbox_sessions s ON s.id = n.last_sandbox
         WHERE n.user_id = ?1 ORDER BY n.last_fetch_at DESC LIMIT 1",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let row = StoredRow::new(&row, "name_sets", user.to_string());
    let sandbox = row.parse("last_sandbox", SandboxId::from_stored)?;
    Ok(Some(LastFetch {
        secret_ids: row.parse("secret_ids", |bytes: &[u8]| {
            bytes.chunks(16).map(SecretId::from_stored).collect::<Option<Vec<_>>>()
        })?,
        at: Timestamp(row.get("last_fetch_at")?),
        sandbox: row
            .get::<Option<String>>("label")?
            .or_else(|| Some(sandbox.to_string())),
    }))
}
