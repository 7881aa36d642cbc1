//! Tables `secrets` and `secret_versions`.

use domain::{SecretName, Timestamp, VersionView};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use crate::error::{Error, Result};
use crate::id::{DataKeyId, SandboxId, SecretId, UserId};

/// A secret without its value.
#[derive(Clone)]
pub(crate) struct Secret {
    pub(crate) id: SecretId,
    pub(crate) name: SecretName,
    pub(crate) description: String,
    /// The version of the value in force.
    pub(crate) version: i64,
    /// Grows with every change.
    pub(crate) revision: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) changed_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// By a fetch that was not of everything: when, and the sandbox's label or id.
    pub(crate) last_used: Option<(Timestamp, Option<String>)>,
}

/// The value in force, sealed, with what its place is made of.
pub(crate) struct SealedSecret {
    pub(crate) id: SecretId,
    pub(crate) name: SecretName,
    pub(crate) version: i64,
    pub(crate) data_key: DataKeyId,
    pub(crate) envelope: Vec<u8>,
}

const SELECT: &str =
    "SELECT s.id, s.name, s.description, s.version, s.revision, s.created_at, s.changed_at, s.updated_at,
           s.last_used_at, b.label AS last_label, s.last_used_by
    FROM secrets s LEFT JOIN sandbox_sessions b ON b.id = s.last_used_by";

/// All of a user's, by name.
pub(crate) async fn list(db: &mut SqliteConnection, user: UserId) -> Result<Vec<Secret>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE s.user_id = ?1 ORDER BY s.name"
    )))
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter().map(secret).collect()
}

pub(crate) async fn by_name(db: &mut SqliteConnection, user: UserId, name: &SecretName) -> Result<Option<Secret>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{SELECT} WHERE s.user_id = ?1 AND s.name = ?2"
    )))
    .bind(user.as_bytes().as_slice())
    .bind(name.as_str())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(secret).transpose()
}

/// # Errors
/// [`Error::Taken`] when the user has one of that name.
pub(crate) async fn insert(db: &mut SqliteConnection, user: UserId, secret: &Secret) -> Result<()> {
    sqlx::query(
        "INSERT INTO secrets (id, user_id, name, description, version, revision, created_at, changed_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(secret.id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .bind(secret.name.as_str())
    .bind(&secret.description)
    .bind(secret.version)
    .bind(secret.revision)
    .bind(secret.created_at.0)
    .bind(secret.changed_at.0)
    .bind(secret.updated_at.0)
    .execute(db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => Error::Taken {
            name: secret.name.clone(),
        },
        _ => Error::Storage(error),
    })?;
    Ok(())
}

/// Writes description, version, revision and times of a secret that exists.
pub(crate) async fn update(db: &mut SqliteConnection, secret: &Secret) -> Result<()> {
    sqlx::query(
        "UPDATE secrets SET description = ?2, version = ?3, revision = ?4, changed_at = ?5, updated_at = ?6 WHERE id = ?1",
    )
    .bind(secret.id.as_bytes().as_slice())
    .bind(&secret.description)
    .bind(secret.version)
    .bind(secret.revision)
    .bind(secret.changed_at.0)
    .bind(secret.updated_at.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a value as a secret's version.
pub(crate) async fn put_version(
    db: &mut SqliteConnection,
    sealed: &SealedSecret,
    created_by: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO secret_versions (secret_id, version, data_key_id, envelope, created_at, created_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(sealed.id.as_bytes().as_slice())
    .bind(sealed.version)
    .bind(sealed.data_key.as_bytes().as_slice())
    .bind(&sealed.envelope)
    .bind(now.0)
    .bind(created_by)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn delete(db: &mut SqliteConnection, id: SecretId) -> Result<()> {
    sqlx::query("DELETE FROM secrets WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}

/// All values in force of a user, sealed, by name.
pub(crate) async fn sealed(db: &mut SqliteConnection, user: UserId) -> Result<Vec<SealedSecret>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, v.version, v.data_key_id, v.envelope
         FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.version = s.version
         WHERE s.user_id = ?1 ORDER BY s.name",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter().map(sealed_secret).collect()
}

/// The number of a secret's next version. Not the one in force and one more: where somebody put a row back, there are
/// versions beyond that one.
pub(crate) async fn next_version(db: &mut SqliteConnection, id: SecretId) -> Result<i64> {
    let newest: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM secret_versions WHERE secret_id = ?1")
        .bind(id.as_bytes().as_slice())
        .fetch_one(db)
        .await?;
    Ok(newest + 1)
}

/// Forgets the versions of a secret but the one in force and as many others, the newest of them.
pub(crate) async fn keep_versions(db: &mut SqliteConnection, id: SecretId, in_force: i64, others: u32) -> Result<()> {
    sqlx::query(
        "DELETE FROM secret_versions WHERE secret_id = ?1 AND version <> ?2 AND version NOT IN
             (SELECT version FROM secret_versions WHERE secret_id = ?1 AND version <> ?2
              ORDER BY version DESC LIMIT ?3)",
    )
    .bind(id.as_bytes().as_slice())
    .bind(in_force)
    .bind(others)
    .execute(db)
    .await?;
    Ok(())
}

/// When each kept version of a secret was stored and by whom, the newest first.
pub(crate) async fn history(db: &mut SqliteConnection, secret: &Secret) -> Result<Vec<VersionView>> {
    let rows = sqlx::query(
        "SELECT version, created_at, created_by FROM secret_versions WHERE secret_id = ?1 ORDER BY version DESC",
    )
    .bind(secret.id.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = StoredRow::new(row, "secret_versions", secret.id.to_string());
            let version = row.get("version")?;
            Ok(VersionView {
                version,
                created_at: Timestamp(row.get("created_at")?),
                created_by: row.get("created_by")?,
                in_force: version == secret.version,
            })
        })
        .collect()
}

/// The ids of a user's secrets.
pub(crate) async fn ids(db: &mut SqliteConnection, user: UserId) -> Result<Vec<SecretId>> {
    let rows = sqlx::query("SELECT id FROM secrets WHERE user_id = ?1 ORDER BY id")
        .bind(user.as_bytes().as_slice())
        .fetch_all(db)
        .await?;
    rows.iter().map(id).collect()
}

/// A user's secrets whose value in force is not there.
pub(crate) async fn without_value(db: &mut SqliteConnection, user: UserId) -> Result<Vec<SecretId>> {
    let rows = sqlx::query(
        "SELECT id FROM secrets s WHERE user_id = ?1 AND NOT EXISTS
             (SELECT 1 FROM secret_versions v WHERE v.secret_id = s.id AND v.version = s.version)",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter().map(id).collect()
}

/// Every version of a secret, sealed, the newest first.
pub(crate) async fn versions(db: &mut SqliteConnection, id: SecretId) -> Result<Vec<SealedSecret>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, v.version, v.data_key_id, v.envelope
         FROM secrets s JOIN secret_versions v ON v.secret_id = s.id WHERE s.id = ?1 ORDER BY v.version DESC",
    )
    .bind(id.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter().map(sealed_secret).collect()
}

fn id(row: &SqliteRow) -> Result<SecretId> {
    StoredRow::new(row, "secrets", "unreadable id").parse("id", SecretId::from_stored)
}

/// From a row with `id`, `name`, `version`, `data_key_id` and `envelope`.
pub(super) fn sealed_secret(row: &SqliteRow) -> Result<SealedSecret> {
    let id = id(row)?;
    let row = StoredRow::new(row, "secret_versions", id.to_string());
    Ok(SealedSecret {
        id,
        name: row.parse("name", |text: &str| SecretName::from_stored(text).ok())?,
        version: row.get("version")?,
        data_key: row.parse("data_key_id", DataKeyId::from_stored)?,
        envelope: row.get("envelope")?,
    })
}

/// How many secrets there are, and the bytes of their names and of their envelopes in force.
pub(crate) struct Sizes {
    pub(crate) secrets: usize,
    pub(crate) names: usize,
    pub(crate) envelopes: usize,
}

/// Enough to bound the environment's size without opening anything.
pub(crate) async fn sizes(db: &mut SqliteConnection, user: UserId) -> Result<Sizes> {
    let sums: (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(octet_length(s.name)), 0), coalesce(sum(octet_length(v.envelope)), 0)
         FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.version = s.version WHERE s.user_id = ?1",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_one(db)
    .await?;
    let [secrets, names, envelopes] = <[i64; 3]>::from(sums).map(|sum| usize::try_from(sum).unwrap_or(0));
    Ok(Sizes {
        secrets,
        names,
        envelopes,
    })
}

pub(crate) async fn count(db: &mut SqliteConnection, user: UserId) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM secrets WHERE user_id = ?1")
        .bind(user.as_bytes().as_slice())
        .fetch_one(db)
        .await?)
}

fn secret(row: &SqliteRow) -> Result<Secret> {
    let id = id(row)?;
    let row = StoredRow::new(row, "secrets", id.to_string());
    Ok(Secret {
        id,
        name: row.parse("name", |text: &str| SecretName::from_stored(text).ok())?,
        description: row.get("description")?,
        version: row.get("version")?,
        revision: row.get("revision")?,
        created_at: Timestamp(row.get("created_at")?),
        changed_at: Timestamp(row.get("changed_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
        last_used: last_used(&row)?,
    })
}

fn last_used(row: &StoredRow<'_>) -> Result<Option<(Timestamp, Option<String>)>> {
    let Some(at) = row.get::<Option<i64>>("last_used_at")? else {
        return Ok(None);
    };
    let sandbox = row.parse("last_used_by", |id: Option<&[u8]>| {
        Some(id.and_then(SandboxId::from_stored))
    })?;
    let label: Option<String> = row.get("last_label")?;
    Ok(Some((
        Timestamp(at),
        label.or_else(|| sandbox.map(|id| id.to_string())),
    )))
}
