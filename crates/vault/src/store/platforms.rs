//! Tables `platforms` and `platform_users`. Each row bears a mark: over a platform's key and where its fields may be
//! shown, and over whose a user is and what it is called.

use domain::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use crate::error::{Error, Result};
use crate::id::{PlatformId, UserId};
use crate::keys::{Claim, InstanceKey};
use crate::token::HashedToken;

/// A platform's record.
pub(crate) struct Platform {
    pub(crate) id: PlatformId,
    pub(crate) name: String,
    pub(crate) hint: String,
    /// Exact origins, as browsers write them.
    pub(crate) origins: Vec<String>,
    /// With `{id}` where the request's id goes.
    pub(crate) request_url: Option<String>,
    pub(crate) most_users: u32,
    pub(crate) created_at: Timestamp,
    pub(crate) rotated_at: Option<Timestamp>,
}

/// One of a platform's users.
pub(crate) struct PlatformUser {
    pub(crate) platform: PlatformId,
    pub(crate) external: String,
    pub(crate) user: UserId,
    pub(crate) label: Option<String>,
}

const COLUMNS: &str = "id, name, key_hash, mark, hint, origins, request_url, most_users, created_at, rotated_at";

impl Platform {
    /// The platform's page for a request.
    pub(crate) fn page_of(&self, id: &str) -> Option<String> {
        self.request_url.as_ref().map(|url| url.replace("{id}", id))
    }

    fn origins_text(&self) -> String {
        // A list of texts always can be written.
        serde_json::to_string(&self.origins).unwrap_or_default()
    }

    fn claim(&self, hash: HashedToken) -> Claim {
        Claim::new("platform")
            .field(self.id.as_bytes())
            .field(self.name.as_bytes())
            .field(hash.as_bytes())
            .field(self.origins_text().as_bytes())
            .optional(self.request_url.as_deref().map(str::as_bytes))
            .number(self.most_users.into())
    }
}

impl PlatformUser {
    fn claim(&self) -> Claim {
        Claim::new("platform-user")
            .field(self.platform.as_bytes())
            .field(self.external.as_bytes())
            .field(self.user.as_bytes())
            .optional(self.label.as_deref().map(str::as_bytes))
    }
}

/// # Errors
/// [`Error::TakenPlatform`] when there is one of that name, whatever its case.
pub(crate) async fn insert(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    platform: &Platform,
    name_key: &str,
    hash: HashedToken,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO platforms (id, name, name_key, key_hash, mark, hint, origins, request_url, most_users, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(platform.id.as_bytes().as_slice())
    .bind(&platform.name)
    .bind(name_key)
    .bind(hash.as_bytes())
    .bind(key.mark(&platform.claim(hash)).to_vec())
    .bind(&platform.hint)
    .bind(platform.origins_text())
    .bind(&platform.request_url)
    .bind(platform.most_users)
    .bind(platform.created_at.0)
    .execute(db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => Error::TakenPlatform,
        _ => Error::Storage(error),
    })?;
    Ok(())
}

/// Puts another key in the place of the old one.
pub(crate) async fn rotate(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    platform: &Platform,
    hash: HashedToken,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE platforms SET key_hash = ?2, hint = ?3, mark = ?4, rotated_at = ?5 WHERE id = ?1")
        .bind(platform.id.as_bytes().as_slice())
        .bind(hash.as_bytes())
        .bind(&platform.hint)
        .bind(key.mark(&platform.claim(hash)).to_vec())
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(crate) async fn list(db: &mut SqliteConnection, key: &InstanceKey) -> Result<Vec<(Platform, i64)>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS}, (SELECT count(*) FROM platform_users u WHERE u.platform_id = platforms.id) AS users
         FROM platforms ORDER BY name_key"
    )))
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let platform = platform(row, key)?;
            let users = StoredRow::new(row, "platforms", platform.id.to_string()).get("users")?;
            Ok((platform, users))
        })
        .collect()
}

pub(crate) async fn by_id(db: &mut SqliteConnection, key: &InstanceKey, id: PlatformId) -> Result<Option<Platform>> {
    one(db, key, "id = ?1", id.as_bytes()).await
}

pub(crate) async fn by_key(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    hash: HashedToken,
) -> Result<Option<Platform>> {
    one(db, key, "key_hash = ?1", hash.as_bytes()).await
}

pub(crate) async fn by_name(db: &mut SqliteConnection, key: &InstanceKey, name_key: &str) -> Result<Option<Platform>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM platforms WHERE name_key = ?1"
    )))
    .bind(name_key)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(|row| platform(row, key)).transpose()
}

async fn one(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    condition: &'static str,
    bytes: &[u8],
) -> Result<Option<Platform>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM platforms WHERE {condition}"
    )))
    .bind(bytes)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(|row| platform(row, key)).transpose()
}

/// Whether that key still is the platform's.
pub(crate) async fn key_stands(db: &mut SqliteConnection, id: PlatformId, hash: HashedToken) -> Result<bool> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM platforms WHERE id = ?1 AND key_hash = ?2)")
            .bind(id.as_bytes().as_slice())
            .bind(hash.as_bytes())
            .fetch_one(db)
            .await?,
    )
}

/// Whether that account is one of the platform's users.
pub(crate) async fn has_user(db: &mut SqliteConnection, id: PlatformId, user: UserId) -> Result<bool> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM platform_users WHERE platform_id = ?1 AND user_id = ?2)")
            .bind(id.as_bytes().as_slice())
            .bind(user.as_bytes().as_slice())
            .fetch_one(db)
            .await?,
    )
}

/// Removes a platform. Its users go first, with everything of theirs: see [`remove_users`].
pub(crate) async fn delete(db: &mut SqliteConnection, id: PlatformId) -> Result<()> {
    sqlx::query("DELETE FROM platforms WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}

/// The accounts of all of a platform's users.
pub(crate) async fn user_ids(db: &mut SqliteConnection, id: PlatformId) -> Result<Vec<UserId>> {
    let rows = sqlx::query("SELECT user_id FROM platform_users WHERE platform_id = ?1")
        .bind(id.as_bytes().as_slice())
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| StoredRow::new(row, "platform_users", id.to_string()).parse("user_id", UserId::from_stored))
        .collect()
}

/// Removes all users of a platform, with everything of theirs.
pub(crate) async fn remove_users(db: &mut SqliteConnection, id: PlatformId) -> Result<()> {
    sqlx::query("DELETE FROM users WHERE id IN (SELECT user_id FROM platform_users WHERE platform_id = ?1)")
        .bind(id.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}

/// Ends every sandbox session that the platform opened.
pub(crate) async fn close_sandboxes(db: &mut SqliteConnection, id: PlatformId, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE sandbox_sessions SET closed_at = ?2
         WHERE closed_at IS NULL AND user_id IN (SELECT user_id FROM platform_users WHERE platform_id = ?1)",
    )
    .bind(id.as_bytes().as_slice())
    .bind(now.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Ends what the platform and its sandboxes asked its users for, and with that the fields in which it can be answered.
pub(crate) async fn cancel_requests(db: &mut SqliteConnection, id: PlatformId, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE requests SET status = 'cancelled', ended_at = ?2
         WHERE status = 'pending' AND user_id IN (SELECT user_id FROM platform_users WHERE platform_id = ?1)",
    )
    .bind(id.as_bytes().as_slice())
    .bind(now.0)
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn count_users(db: &mut SqliteConnection, id: PlatformId) -> Result<i64> {
    Ok(
        sqlx::query_scalar("SELECT count(*) FROM platform_users WHERE platform_id = ?1")
            .bind(id.as_bytes().as_slice())
            .fetch_one(db)
            .await?,
    )
}

pub(crate) async fn insert_user(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    user: &PlatformUser,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO platform_users (platform_id, external_id, user_id, label, mark, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(user.platform.as_bytes().as_slice())
    .bind(&user.external)
    .bind(user.user.as_bytes().as_slice())
    .bind(&user.label)
    .bind(key.mark(&user.claim()).to_vec())
    .bind(now.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what the account is called.
pub(crate) async fn label_user(db: &mut SqliteConnection, key: &InstanceKey, user: &PlatformUser) -> Result<()> {
    sqlx::query("UPDATE platform_users SET label = ?2, mark = ?3 WHERE user_id = ?1")
        .bind(user.user.as_bytes().as_slice())
        .bind(&user.label)
        .bind(key.mark(&user.claim()).to_vec())
        .execute(db)
        .await?;
    Ok(())
}

/// The user whom a platform calls so.
pub(crate) async fn user_by_external(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    platform: PlatformId,
    external: &str,
) -> Result<Option<PlatformUser>> {
    let row = sqlx::query(
        "SELECT platform_id, external_id, user_id, label, mark FROM platform_users
         WHERE platform_id = ?1 AND external_id = ?2",
    )
    .bind(platform.as_bytes().as_slice())
    .bind(external)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(|row| platform_user(row, key)).transpose()
}

/// The platform's side of an account; `None` for one that signs in.
pub(crate) async fn user(db: &mut SqliteConnection, key: &InstanceKey, id: UserId) -> Result<Option<PlatformUser>> {
    let row =
        sqlx::query("SELECT platform_id, external_id, user_id, label, mark FROM platform_users WHERE user_id = ?1")
            .bind(id.as_bytes().as_slice())
            .fetch_optional(db)
            .await?;
    row.as_ref().map(|row| platform_user(row, key)).transpose()
}

fn platform(row: &SqliteRow, key: &InstanceKey) -> Result<Platform> {
    let id = StoredRow::new(row, "platforms", "unreadable id").parse("id", PlatformId::from_stored)?;
    let row = StoredRow::new(row, "platforms", id.to_string());
    let hash = row.parse("key_hash", HashedToken::from_stored)?;
    let platform = Platform {
        id,
        name: row.get("name")?,
        hint: row.get("hint")?,
        origins: row.parse("origins", |text: &str| serde_json::from_str(text).ok())?,
        request_url: row.get("request_url")?,
        most_users: row.get("most_users")?,
        created_at: Timestamp(row.get("created_at")?),
        rotated_at: row.get::<Option<i64>>("rotated_at")?.map(Timestamp),
    };
    row.check_mark("mark", key, &platform.claim(hash))?;
    Ok(platform)
}

fn platform_user(row: &SqliteRow, key: &InstanceKey) -> Result<PlatformUser> {
    let id = StoredRow::new(row, "platform_users", "unreadable id").parse("user_id", UserId::from_stored)?;
    let row = StoredRow::new(row, "platform_users", id.to_string());
    let user = PlatformUser {
        platform: row.parse("platform_id", PlatformId::from_stored)?,
        external: row.get("external_id")?,
        user: id,
        label: row.get("label")?,
    };
    row.check_mark("mark", key, &user.claim())?;
    Ok(user)
}
