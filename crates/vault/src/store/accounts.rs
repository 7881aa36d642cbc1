//! Table `users`. Each row bears a mark over login name, role and password hash.

use domain::{LoginName, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use crate::actor::Role;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::keys::{Claim, InstanceKey};

/// An account as it is stored, without what signing in needs.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    pub(crate) login: LoginName,
    pub(crate) role: Role,
}

/// What signing in compares with.
pub(crate) struct Credentials {
    pub(crate) account: Account,
    /// PHC string; `None` for an account that never signs in.
    pub(crate) password_hash: Option<String>,
}

/// What [`credentials`] reads, in a query over `users u`.
pub(super) const COLUMNS: &str = "u.id AS user_id, u.login, u.role, u.password_hash, u.mark AS user_mark";

impl Account {
    fn claim(&self, password_hash: Option<&str>) -> Claim {
        Claim::new("user")
            .field(self.id.as_bytes())
            .field(self.login.key().as_bytes())
            .field(self.role.as_str().as_bytes())
            .optional(password_hash.map(str::as_bytes))
    }
}

/// Whether anybody can sign in.
pub(crate) async fn any_exists(db: &mut SqliteConnection) -> Result<bool> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE login_key IS NOT NULL)")
            .fetch_one(db)
            .await?,
    )
}

/// # Errors
/// [`Error::TakenLogin`] when an account of that name exists, whatever its case.
pub(crate) async fn insert(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    account: &Account,
    password_hash: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO users (id, login, login_key, role, password_hash, mark, password_changed_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
    )
    .bind(account.id.as_bytes().as_slice())
    .bind(account.login.as_typed())
    .bind(account.login.key())
    .bind(account.role.as_str())
    .bind(password_hash)
    .bind(key.mark(&account.claim(Some(password_hash))).to_vec())
    .bind(now.0)
    .execute(db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => Error::TakenLogin,
        _ => Error::Storage(error),
    })?;
    Ok(())
}

/// An account that nobody signs in to.
pub(crate) async fn insert_without_sign_in(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    account: &Account,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO users (id, login, role, mark, password_changed_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
    )
    .bind(account.id.as_bytes().as_slice())
    .bind(account.login.as_typed())
    .bind(account.role.as_str())
    .bind(key.mark(&account.claim(None)).to_vec())
    .bind(now.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Whose server it is; `None` before the first account.
pub(crate) async fn owner(db: &mut SqliteConnection, key: &InstanceKey) -> Result<Option<Account>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM users u WHERE u.role = 'owner' ORDER BY u.id LIMIT 1"
    )))
    .fetch_optional(db)
    .await?;
    let found = row.map(|row| credentials(&row, key)).transpose()?;
    Ok(found.map(|found| found.account))
}

pub(crate) async fn by_login(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    login_key: &str,
) -> Result<Option<Credentials>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM users u WHERE u.login_key = ?1"
    )))
    .bind(login_key)
    .fetch_optional(db)
    .await?;
    row.map(|row| credentials(&row, key)).transpose()
}

pub(crate) async fn by_id(db: &mut SqliteConnection, key: &InstanceKey, id: UserId) -> Result<Option<Credentials>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM users u WHERE u.id = ?1"
    )))
    .bind(id.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    row.map(|row| credentials(&row, key)).transpose()
}

pub(crate) async fn set_password(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    account: &Account,
    password_hash: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE users SET password_hash = ?2, mark = ?3, password_changed_at = ?4 WHERE id = ?1")
        .bind(account.id.as_bytes().as_slice())
        .bind(password_hash)
        .bind(key.mark(&account.claim(Some(password_hash))).to_vec())
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Everything of the account goes with it, by the foreign keys: sessions, tokens, sandboxes, keys, secrets, records.
pub(crate) async fn delete(db: &mut SqliteConnection, id: UserId) -> Result<()> {
    sqlx::query("DELETE FROM users WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .execute(db)
        .await?;
    Ok(())
}

/// The ids of accounts after `after`, in order: for going through all of them, some at a time.
pub(crate) async fn ids_after(db: &mut SqliteConnection, after: Option<UserId>, limit: u32) -> Result<Vec<UserId>> {
    let rows = sqlx::query("SELECT id AS user_id FROM users WHERE id > ?1 ORDER BY id LIMIT ?2")
        .bind(after.map_or_else(Vec::new, |id| id.as_bytes().to_vec()))
        .bind(limit)
        .fetch_all(db)
        .await?;
    ids(&rows)
}

/// The column `user_id` of rows of users.
pub(super) fn ids(rows: &[SqliteRow]) -> Result<Vec<UserId>> {
    rows.iter()
        .map(|row| StoredRow::new(row, "users", "a row").parse("user_id", UserId::from_stored))
        .collect()
}

/// Reads [`COLUMNS`] and checks the row's mark.
pub(super) fn credentials(row: &SqliteRow, key: &InstanceKey) -> Result<Credentials> {
    let id = StoredRow::new(row, "users", "a joined row").parse("user_id", UserId::from_stored)?;
    let row = StoredRow::new(row, "users", id.to_string());
    let account = Account {
        id,
        login: row.parse("login", |text: &str| LoginName::parse(text).ok())?,
        role: row.parse("role", Role::from_stored)?,
    };
    let password_hash: Option<String> = row.get("password_hash")?;
    row.check_mark("user_mark", key, &account.claim(password_hash.as_deref()))?;
    Ok(Credentials { account, password_hash })
}
