//! Table `api_tokens`. Each row bears a mark over whose it is, its token, and what it may do.

use domain::{Scopes, SecretName, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::accounts::{self, Account};
use super::row::StoredRow;
use crate::error::Result;
use crate::id::{TokenId, UserId};
use crate::keys::{Claim, InstanceKey};
use crate::token::HashedToken;

/// An API token's record.
#[derive(Clone)]
pub(crate) struct ApiToken {
    pub(crate) id: TokenId,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) scopes: Scopes,
    pub(crate) names: Option<Vec<SecretName>>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "t.id, t.label, t.hint, t.scopes, t.names, t.created_at, t.expires_at, t.last_used_at, t.revoked_at";

impl ApiToken {
    fn claim(&self, user: UserId, hash: HashedToken) -> Claim {
        let names = self.names.as_deref().map(names_to_stored);
        let expires_at = self.expires_at.map(|at| at.0.to_be_bytes());
        Claim::new("api-token")
            .field(self.id.as_bytes())
            .field(user.as_bytes())
            .field(hash.as_bytes())
            .field(self.scopes.to_string().as_bytes())
            .optional(names.as_deref().map(str::as_bytes))
            .optional(expires_at.as_ref().map(<[u8; 8]>::as_slice))
    }
}

pub(crate) async fn insert(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    user: UserId,
    hash: HashedToken,
    token: &ApiToken,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO api_tokens (id, user_id, label, token_hash, mark, hint, scopes, names, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(token.id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .bind(&token.label)
    .bind(hash.as_bytes())
    .bind(key.mark(&token.claim(user, hash)).to_vec())
    .bind(&token.hint)
    .bind(token.scopes.to_string())
    .bind(token.names.as_deref().map(names_to_stored))
    .bind(token.created_at.0)
    .bind(token.expires_at.map(|at| at.0))
    .execute(db)
    .await?;
    Ok(())
}

pub(crate) async fn by_token(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    hash: HashedToken,
) -> Result<Option<(ApiToken, Account)>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS}, t.mark, {} FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = ?1",
        accounts::COLUMNS
    )))
    .bind(hash.as_bytes())
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (found, account) = (token(&row)?, accounts::credentials(&row, key)?.account);
    let stored = StoredRow::new(&row, "api_tokens", found.id.to_string());
    stored.check_mark("mark", key, &found.claim(account.id, hash))?;
    Ok(Some((found, account)))
}

/// Whether a token may still be used.
pub(crate) async fn is_live(db: &mut SqliteConnection, user: UserId, id: TokenId, now: Timestamp) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM api_tokens WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL
                        AND (expires_at IS NULL OR expires_at > ?3))",
    )
    .bind(id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .bind(now.0)
    .fetch_one(db)
    .await?)
}

pub(crate) async fn count(db: &mut SqliteConnection, user: UserId) -> Result<i64> {
    Ok(
        sqlx::query_scalar("SELECT count(*) FROM api_tokens WHERE user_id = ?1 AND revoked_at IS NULL")
            .bind(user.as_bytes().as_slice())
            .fetch_one(db)
            .await?,
    )
}

/// Those that are not revoked, the newest first.
pub(crate) async fn list(db: &mut SqliteConnection, user: UserId) -> Result<Vec<ApiToken>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM api_tokens t WHERE t.user_id = ?1 AND t.revoked_at IS NULL ORDER BY t.id DESC"
    )))
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    rows.iter().map(token).collect()
}

/// Revokes one and answers with its label; `None` when there is none to revoke.
pub(crate) async fn revoke(
    db: &mut SqliteConnection,
    user: UserId,
    id: TokenId,
    now: Timestamp,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(
        "UPDATE api_tokens SET revoked_at = ?3 WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL RETURNING label",
    )
    .bind(id.as_bytes().as_slice())
    .bind(user.as_bytes().as_slice())
    .bind(now.0)
    .fetch_optional(db)
    .await?)
}

pub(crate) async fn used(db: &mut SqliteConnection, id: TokenId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE api_tokens SET last_used_at = ?2 WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Names in a column: a JSON array, which cannot be confused with "all" (NULL).
pub(super) fn names_to_stored(names: &[SecretName]) -> String {
    serde_json::Value::from_iter(names.iter().map(SecretName::as_str)).to_string()
}

/// The reverse of [`names_to_stored`]; a name can be older than today's reserved list.
pub(super) fn names_from_stored(text: &str) -> Option<Vec<SecretName>> {
    let names: Vec<String> = serde_json::from_str(text).ok()?;
    names.iter().map(|name| SecretName::from_stored(name).ok()).collect()
}

/// A nullable column of names.
pub(super) fn optional_names(row: &StoredRow<'_>, column: &'static str) -> Result<Option<Vec<SecretName>>> {
    row.parse(column, |text: Option<&str>| match text {
        None => Some(None),
        Some(text) => names_from_stored(text).map(Some),
    })
}

fn token(row: &SqliteRow) -> Result<ApiToken> {
    let id = StoredRow::new(row, "api_tokens", "unreadable id").parse("id", TokenId::from_stored)?;
    let row = StoredRow::new(row, "api_tokens", id.to_string());
    let time = |column| Ok::<_, crate::Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(ApiToken {
        id,
        label: row.get("label")?,
        hint: row.get("hint")?,
        scopes: row.parse("scopes", |text: &str| Scopes::parse(text).ok())?,
        names: optional_names(&row, "names")?,
        created_at: Timestamp(row.get("created_at")?),
        expires_at: time("expires_at")?,
        last_used_at: time("last_used_at")?,
        revoked_at: time("revoked_at")?,
    })
}
