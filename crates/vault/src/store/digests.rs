//! Table `secret_digests`: that an account's values are those that were last written, and no older ones.

use domain::Timestamp;
use sqlx::SqliteConnection;

use super::row::StoredRow;
use crate::error::Result;
use crate::id::UserId;
use crate::keys::{Claim, InstanceKey};

/// Every version of every secret of a user. A sealed value is told from any other by its nonce and tag, which stand at
/// both ends of the envelope (`keys::envelope`); that they belong to the rest of it shows when it is opened.
///
/// All versions of a secret come as one row: each row costs a way to SQLite's thread and back, and a change reads the
/// whole account twice.
async fn claim(db: &mut SqliteConnection, user: UserId) -> Result<Option<Claim>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, s.version AS in_force,
                group_concat(v.version || ' ' || hex(substr(v.envelope, 1, 30)) || ' ' || hex(substr(v.envelope, -16)), ',')
                    AS versions
         FROM secrets s JOIN secret_versions v ON v.secret_id = s.id
         WHERE s.user_id = ?1 GROUP BY s.id ORDER BY s.id",
    )
    .bind(user.as_bytes().as_slice())
    .fetch_all(db)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut claim = Claim::new("secrets-of-account").field(user.as_bytes());
    for row in &rows {
        let row = StoredRow::new(row, "secret_versions", user.to_string());
        let (id, name): (&[u8], &str) = (row.get("id")?, row.get("name")?);
        let in_force = row.get("in_force")?;
        for version in row.parse("versions", versions)? {
            claim = claim
                .field(id)
                .field(name.as_bytes())
                .number(in_force)
                .number(version.number)
                .field(&version.head)
                .field(&version.tail);
        }
    }
    Ok(Some(claim))
}

/// What tells a sealed value from any other.
struct Version {
    number: i64,
    head: Vec<u8>,
    tail: Vec<u8>,
}

/// Reads them as [`claim`] asks for them, and puts them in their order, which SQLite does not promise.
fn versions(listed: &str) -> Option<Vec<Version>> {
    let version = |text: &str| {
        let (number, ends) = text.split_once(' ')?;
        let (head, tail) = ends.split_once(' ')?;
        Some(Version {
            number: number.parse().ok()?,
            head: hex::decode(head).ok()?,
            tail: hex::decode(tail).ok()?,
        })
    };
    let mut versions: Vec<_> = listed.split(',').map(version).collect::<Option<_>>()?;
    versions.sort_unstable_by_key(|version| version.number);
    Some(versions)
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use sqlx::Connection;

    use super::*;
    use crate::id::InstanceId;
    use crate::keys::RootKey;

    /// What stands in databases fits for ever: one made otherwise would say of every account that it was put back.
    #[tokio::test]
    async fn the_digest_is_over_every_version_by_secret_and_number_in_one_form() {
        let (key, _) = InstanceKey::make(&RootKey::make().unwrap(), InstanceId::make()).unwrap();
        let mut db = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let schema = "CREATE TABLE secrets (id BLOB, user_id BLOB, name TEXT, version INTEGER) STRICT;
            CREATE TABLE secret_versions (secret_id BLOB, version INTEGER, envelope BLOB) STRICT;
            CREATE TABLE secret_digests (user_id BLOB PRIMARY KEY, digest BLOB) STRICT;";
        sqlx::raw_sql(schema).execute(&mut db).await.unwrap();
        let user = UserId::make();
        let envelope = |fill: u8| [[fill; 30].as_slice(), &[0; 99], &[fill + 100; 16]].concat();
        // In no order at all; the second has ten versions and more, whose order by their digits would be another one.
        let kept: [(u8, &str, i64, &[i64]); 2] = [(9, "FIRST", 2, &[2, 1]), (4, "SECOND", 11, &[11, 9, 2, 10])];
        for (id, name, in_force, versions) in kept {
            sqlx::query("INSERT INTO secrets VALUES (?1, ?2, ?3, ?4)")
                .bind([id; 16].to_vec())
                .bind(user.as_bytes().as_slice())
                .bind(name)
                .bind(in_force)
                .execute(&mut db)
                .await
                .unwrap();
            for version in versions {
                sqlx::query("INSERT INTO secret_versions VALUES (?1, ?2, ?3)")
                    .bind([id; 16].to_vec())
                    .bind(version)
                    .bind(envelope(u8::try_from(*version).unwrap()))
                    .execute(&mut db)
                    .await
                    .unwrap();
            }
        }
        write(&mut db, &key, user).await.unwrap();

        let mut expected = Claim::new("secrets-of-account").field(user.as_bytes());
        for (id, name, in_force, version) in [
            (4, "SECOND", 11, 2),
            (4, "SECOND", 11, 9),
            (4, "SECOND", 11, 10),
            (4, "SECOND", 11, 11),
            (9, "FIRST", 2, 1),
            (9, "FIRST", 2, 2),
        ] {
            let fill = u8::try_from(version).unwrap();
            expected = expected.field(&[id; 16]).field(name.as_bytes()).number(in_force);
            expected = expected.number(version).field(&[fill; 30]).field(&[fill + 100; 16]);
        }
        let stored: Vec<u8> = sqlx::query_scalar("SELECT digest FROM secret_digests")
            .fetch_one(&mut db)
            .await
            .unwrap();
        assert_eq!(stored, key.mark(&expected));
        assert!(fits(&mut db, &key, user).await.unwrap());
        sqlx::raw_sql("UPDATE secret_versions SET envelope = zeroblob(145) WHERE version = 9")
            .execute(&mut db)
            .await
            .unwrap();
        assert!(!fits(&mut db, &key, user).await.unwrap());
    }
}
