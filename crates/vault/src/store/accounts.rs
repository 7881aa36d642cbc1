//! Table `users`.

use domain::{LoginName, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use crate::actor::Role;
use crate::error::{Error, Result};
use crate::id::UserId;

/// An account as it is stored, without what signing in needs.
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

/// Reads the account columns `user_id, login, role` of a row of another table joined with `users`.
pub(super) fn account(row: &SqliteRow) -> Result<Account> {
    let row = StoredRow::new(row, "users", "a joined row");
    Ok(Account {
        id: row.parse("user_id", UserId::from_stored)?,
        login: row.parse("login", |text: &str| LoginName::parse(text).ok())?,
        role: row.parse("role", Role::from_stored)?,
    })
}

pub(crate) async fn any_exists(db: &mut SqliteConnection) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)")
        .fetch_one(db)
        .await?)
}

/// # Errors
/// [`Error::TakenLogin`] when an account of that name exists, whatever its case.
pub(crate) async fn insert(
    db: &mut SqliteConnection,
    account: &Account,
    password_hash: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO users (id, login, login_key, role, password_hash, password_changed_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
    )
    .bind(account.id.as_bytes().as_slice())
    .bind(account.login.as_typed())
    .bind(account.login.key())
    .bind(account.role.as_str())
    .bind(password_hash)
    .bind(now.0)
    .execute(db)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => Error::TakenLogin,
        _ => Error::Storage(error),
    })?;
    Ok(())
}

pub(crate) async fn by_login(db: &mut SqliteConnection, login_key: &str) -> Result<Option<Credentials>> {
    let row = sqlx::query("SELECT id AS user_id, login, role, password_hash FROM users WHERE login_key = ?1")
        .bind(login_key)
        .fetch_optional(db)
        .await?;
    row.as_ref().map(credentials).transpose()
}

pub(crate) async fn by_id(db: &mut SqliteConnection, id: UserId) -> Result<Option<Credentials>> {
    let row = sqlx::query("SELECT id AS user_id, login, role, password_hash FROM users WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(credentials).transpose()
}

pub(crate) async fn set_password(
    db: &mut SqliteConnection,
    id: UserId,
    password_hash: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE users SET password_hash = ?2, password_changed_at = ?3 WHERE id = ?1")
        .bind(id.as_bytes().as_slice())
        .bind(password_hash)
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

fn credentials(row: &SqliteRow) -> Result<Credentials> {
    let account = account(row)?;
    let password_hash = StoredRow::new(row, "users", account.id.to_string()).get("password_hash")?;
    Ok(Credentials { account, password_hash })
}
