//! Table `secret_digests`: that an account's values are those that were last written, and no older ones.

use domain::Timestamp;
use sqlx::{Row, SqliteConnection};

use crate::error::Result;
use crate::id::UserId;
use crate::keys::{Claim, InstanceKey};

/// Every version of every secret of a user. A sealed value is told from any other by its nonce and tag, which stand at
/// both ends of the envelope (`keys::envelope`); that they belong to the rest of it shows when it is opened.
async fn claim(db: &mut SqliteConnection, user: UserId) -> Result<Option<Claim>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, s.version AS in_force, v.version, substr(v.envelope, 1, 30) AS head,
                substr(v.envelope, -16) AS tail
         FROM secrets s JOIN secret_versions v ON v.secret_id = s.id
         WHERE s.user_id = ?1 ORDER BY s.id, v.version",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut claim = Claim::new("secrets-of-account").field(user.as_bytes());
    for row in &rows {
        claim = claim
            .field(row.try_get("id")?)
            .field(row.try_get::<&str, _>("name")?.as_bytes())
            .number(row.try_get("in_force")?)
            .number(row.try_get("version")?)
            .field(row.try_get("head")?)
            .field(row.try_get("tail")?);
    }
    Ok(Some(claim))
}

/// Writes what a user's values are now, whatever they were. For a change to them, see [`Watch`].
pub(crate) async fn write(db: &mut SqliteConnection, key: &InstanceKey, user: UserId) -> Result<()> {
    match claim(&mut *db, user).await? {
        Some(claim) => {
            sqlx::query(
                "INSERT INTO secret_digests (user_id, digest) VALUES (?1, ?2)
                 ON CONFLICT (user_id) DO UPDATE SET digest = ?2",
            )
            .bind(user.as_bytes().as_slice())
            .bind(key.mark(&claim).to_vec())
            .execute(db)
            .await?;
        }
        None => {
            sqlx::query("DELETE FROM secret_digests WHERE user_id = ?1")
                .bind(user.as_bytes().as_slice())
                .execute(db)
                .await?;
        }
    }
    Ok(())
}

/// Whether a user's values are those that were last written.
pub(crate) async fn fits(db: &mut SqliteConnection, key: &InstanceKey, user: UserId) -> Result<bool> {
    let stored: Option<Vec<u8>> = sqlx::query_scalar("SELECT digest FROM secret_digests WHERE user_id = ?1")
        .bind(user.as_bytes().as_slice())
        .fetch_optional(&mut *db)
        .await?;
    Ok(match (claim(db, user).await?, stored) {
        (None, None) => true,
        (Some(claim), Some(stored)) => key.stands_behind(&claim, &stored),
        _ => false,
    })
}

/// A change to a user's values, from its beginning to its end.
///
/// Rows that do not fit when it begins were put back by somebody else. The digest is then left as it is, so that a
/// change made later does not hide that.
pub(crate) struct Watch {
    user: UserId,
    fitted: bool,
}

impl Watch {
    /// Before the first change, in its transaction.
    pub(crate) async fn begin(db: &mut SqliteConnection, key: &InstanceKey, user: UserId) -> Result<Self> {
        let fitted = fits(db, key, user).await?;
        Ok(Self { user, fitted })
    }

    /// After the last one.
    pub(crate) async fn end(&self, db: &mut SqliteConnection, key: &InstanceKey) -> Result<()> {
        if self.fitted {
            return write(db, key, self.user).await;
        }
        tracing::warn!(
            account = %self.user,
            "the values of an account are not those that were last written; run `strongroom-server doctor`"
        );
        Ok(())
    }
}

/// Whether this database has them: one from before them gets them once.
pub(crate) async fn have_begun(db: &mut SqliteConnection) -> Result<bool> {
    let since: Option<Option<i64>> = sqlx::query_scalar("SELECT digests_since FROM instance")
        .fetch_optional(db)
        .await?;
    Ok(since.flatten().is_some())
}

/// Notes that every account has one from now on.
pub(crate) async fn begin(db: &mut SqliteConnection, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE instance SET digests_since = ?1")
        .bind(now.0)
        .execute(db)
        .await?;
    Ok(())
}
