//! Table `requests`. Each row bears a mark over what the person is shown, and over which field token may answer.

use domain::{Outcome, RequestStatus, RequestedSecret, Timestamp};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::row::StoredRow;
use crate::error::Result;
use crate::id::{ConversationId, PlatformId, RequestId, SandboxId, TokenId, UserId};
use crate::keys::{Claim, InstanceKey};
use crate::token::HashedToken;

/// Whose credential asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    Token(TokenId),
    Sandbox(SandboxId),
    Platform(PlatformId),
    Conversation(ConversationId),
}

/// A request's record.
pub(crate) struct Request {
    pub(crate) id: RequestId,
    pub(crate) user: UserId,
    /// As stored; one that is pending may have lapsed.
    pub(crate) status: RequestStatus,
    pub(crate) asker: Asker,
    pub(crate) asked_by: String,
    pub(crate) secrets: Vec<RequestedSecret>,
    pub(crate) outcomes: Option<Vec<Outcome>>,
    pub(crate) reason: Option<String>,
    pub(crate) requested_by: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) field: Option<FieldKey>,
}

/// The one field token that may answer a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FieldKey {
    pub(crate) hash: HashedToken,
    pub(crate) expires_at: Timestamp,
}

/// A request that has just lapsed.
pub(crate) struct Lapsed {
    pub(crate) user: UserId,
    pub(crate) names: String,
    pub(crate) asked_by: String,
    pub(crate) at: Timestamp,
}

const COLUMNS: &str =
    "id, user_id, status, asker, asker_id, asked_by, secrets, outcomes, reason, requested_by, created_at,
    expires_at, ended_at, field_hash, field_expires_at, mark";

impl Asker {
    fn kind(self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Sandbox(_) => "sandbox",
            Self::Platform(_) => "platform",
            Self::Conversation(_) => "conversation",
        }
    }

    fn id(&self) -> &[u8; 16] {
        match self {
            Self::Token(id) => id.as_bytes(),
            Self::Sandbox(id) => id.as_bytes(),
            Self::Platform(id) => id.as_bytes(),
            Self::Conversation(id) => id.as_bytes(),
        }
    }

    fn from_stored(kind: &str, id: &[u8]) -> Option<Self> {
        match kind {
            "token" => TokenId::from_stored(id).map(Self::Token),
            "sandbox" => SandboxId::from_stored(id).map(Self::Sandbox),
            "platform" => PlatformId::from_stored(id).map(Self::Platform),
            "conversation" => ConversationId::from_stored(id).map(Self::Conversation),
            _ => None,
        }
    }
}

impl Request {
    /// The names in order, as two requests for the same are found to be so.
    pub(crate) fn names(&self) -> String {
        let mut names: Vec<_> = self.secrets.iter().map(|secret| secret.name.as_str()).collect();
        names.sort_unstable();
        names.join(" ")
    }

    fn secrets_text(&self) -> String {
        // Fails for maps with keys that are no texts, of which there are none.
        serde_json::to_string(&self.secrets).unwrap_or_default()
    }

    fn claim(&self) -> Claim {
        Claim::new("request")
            .field(self.id.as_bytes())
            .field(self.user.as_bytes())
            .field(self.asker.kind().as_bytes())
            .field(self.asker.id())
            .field(self.asked_by.as_bytes())
            .field(self.secrets_text().as_bytes())
            .optional(self.reason.as_deref().map(str::as_bytes))
            .optional(self.requested_by.as_deref().map(str::as_bytes))
            .number(self.expires_at.0)
            .optional(self.field.as_ref().map(|field| field.hash.as_bytes()))
            .number(self.field.map_or(0, |field| field.expires_at.0))
    }
}

pub(crate) async fn insert(db: &mut SqliteConnection, key: &InstanceKey, request: &Request) -> Result<()> {
    sqlx::query(
        "INSERT INTO requests (id, user_id, status, asker, asker_id, asked_by, secrets, names, reason, requested_by,
             created_at, expires_at, field_hash, field_expires_at, mark)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )
    .bind(request.id.as_bytes().as_slice())
    .bind(request.user.as_bytes().as_slice())
    .bind(request.status.as_str())
    .bind(request.asker.kind())
    .bind(request.asker.id().as_slice())
    .bind(&request.asked_by)
    .bind(request.secrets_text())
    .bind(request.names())
    .bind(&request.reason)
    .bind(&request.requested_by)
    .bind(request.created_at.0)
    .bind(request.expires_at.0)
    .bind(request.field.map(|field| field.hash.as_bytes().to_vec()))
    .bind(request.field.map(|field| field.expires_at.0))
    .bind(key.mark(&request.claim()).to_vec())
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what changes about one: how it stands, and which token may answer.
pub(crate) async fn update(db: &mut SqliteConnection, key: &InstanceKey, request: &Request) -> Result<()> {
    let outcomes = request.outcomes.as_ref().map(serde_json::to_string);
    sqlx::query(
        "UPDATE requests SET status = ?2, outcomes = ?3, ended_at = ?4, field_hash = ?5, field_expires_at = ?6, mark = ?7
         WHERE id = ?1",
    )
    .bind(request.id.as_bytes().as_slice())
    .bind(request.status.as_str())
    .bind(outcomes.and_then(|text| text.ok()))
    .bind(request.ended_at.map(|at| at.0))
    .bind(request.field.map(|field| field.hash.as_bytes().to_vec()))
    .bind(request.field.map(|field| field.expires_at.0))
    .bind(key.mark(&request.claim()).to_vec())
    .execute(db)
    .await?;
    Ok(())
}

/// Whoever's it is: for those who look a request up by what they were sent.
pub(crate) async fn by_id(db: &mut SqliteConnection, key: &InstanceKey, id: RequestId) -> Result<Option<Request>> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM requests WHERE id = ?1"
    )))
    .bind(id.as_bytes().as_slice())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(|row| request(row, key)).transpose()
}

/// A user's requests, the newest first.
pub(crate) async fn of_user(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    user: UserId,
    limit: u32,
) -> Result<Vec<Request>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM requests WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2"
    )))
    .bind(user.as_bytes().as_slice())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| request(row, key)).collect()
}

/// A user's requests by one asker, the newest first.
pub(crate) async fn of_asker(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    user: UserId,
    asker: Asker,
    limit: u32,
) -> Result<Vec<Request>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM requests WHERE user_id = ?1 AND asker = ?2 AND asker_id = ?3 ORDER BY id DESC LIMIT ?4"
    )))
    .bind(user.as_bytes().as_slice())
    .bind(asker.kind())
    .bind(asker.id().as_slice())
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| request(row, key)).collect()
}

/// Those that a user can still answer, the oldest first.
pub(crate) async fn waiting(
    db: &mut SqliteConnection,
    key: &InstanceKey,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Request>> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM requests WHERE user_id = ?1 AND status = 'pending' AND expires_at > ?2 ORDER BY id"
    )))
    .bind(user.as_bytes().as_slice())
    .bind(now.0)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| request(row, key)).collect()
}

pub(crate) async fn count_waiting(db: &mut SqliteConnection, user: UserId, now: Timestamp) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "SELECT count(*) FROM requests WHERE user_id = ?1 AND status = 'pending' AND expires_at > ?2",
    )
    .bind(user.as_bytes().as_slice())
    .bind(now.0)
    .fetch_one(db)
    .await?)
}

/// Whether that field token may still answer that request.
pub(crate) async fn field_stands(
    db: &mut SqliteConnection,
    id: RequestId,
    hash: HashedToken,
    now: Timestamp,
) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM requests
         WHERE id = ?1 AND field_hash = ?2 AND field_expires_at > ?3 AND status = 'pending' AND expires_at > ?3)",
    )
    .bind(id.as_bytes().as_slice())
    .bind(hash.as_bytes())
    .bind(now.0)
    .fetch_one(db)
    .await?)
}

/// Ends what an API token asked for: nobody could learn any more what became of it.
pub(crate) async fn cancel_of_token(
    db: &mut SqliteConnection,
    user: UserId,
    token: TokenId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE requests SET status = 'cancelled', ended_at = ?3
         WHERE user_id = ?1 AND asker = 'token' AND asker_id = ?2 AND status = 'pending'",
    )
    .bind(user.as_bytes().as_slice())
    .bind(token.as_bytes().as_slice())
    .bind(now.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Ends what sandboxes that are no more asked for, as far as it is just these names: whoever asks anew stands for them.
pub(crate) async fn supersede(db: &mut SqliteConnection, user: UserId, names: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE requests SET status = 'cancelled', ended_at = ?3
         WHERE user_id = ?1 AND names = ?2 AND status = 'pending' AND asker = 'sandbox' AND NOT EXISTS
             (SELECT 1 FROM sandbox_sessions s WHERE s.id = asker_id AND s.closed_at IS NULL AND s.expires_at > ?3)",
    )
    .bind(user.as_bytes().as_slice())
    .bind(names)
    .bind(now.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that time has ended some, and gives them back.
pub(crate) async fn lapse(db: &mut SqliteConnection, now: Timestamp, limit: u32) -> Result<Vec<Lapsed>> {
    let rows = sqlx::query(
        "UPDATE requests SET status = 'expired', ended_at = expires_at
         WHERE id IN (SELECT id FROM requests WHERE status = 'pending' AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
         RETURNING user_id, names, asked_by, expires_at",
    )
    .bind(now.0)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let row = StoredRow::new(row, "requests", "a lapsed row");
            Ok(Lapsed {
                user: row.parse("user_id", UserId::from_stored)?,
                names: row.get("names")?,
                asked_by: row.get("asked_by")?,
                at: Timestamp(row.get("expires_at")?),
            })
        })
        .collect()
}

fn request(row: &SqliteRow, key: &InstanceKey) -> Result<Request> {
    let id = StoredRow::new(row, "requests", "unreadable id").parse("id", RequestId::from_stored)?;
    let row = StoredRow::new(row, "requests", id.to_string());
    let kind: &str = row.get("asker")?;
    let request = Request {
        id,
        user: row.parse("user_id", UserId::from_stored)?,
        status: row.parse("status", |text: &str| text.parse().ok())?,
        asker: row.parse("asker_id", |id: &[u8]| Asker::from_stored(kind, id))?,
        asked_by: row.get("asked_by")?,
        secrets: row.parse("secrets", |text: &str| serde_json::from_str(text).ok())?,
        outcomes: row.parse("outcomes", |text: Option<&str>| {
            text.map(serde_json::from_str).transpose().ok()
        })?,
        reason: row.get("reason")?,
        requested_by: row.get("requested_by")?,
        created_at: Timestamp(row.get("created_at")?),
        expires_at: Timestamp(row.get("expires_at")?),
        ended_at: row.get::<Option<i64>>("ended_at")?.map(Timestamp),
        field: field_key(&row)?,
    };
    row.check_mark("mark", key, &request.claim())?;
    Ok(request)
}

fn field_key(row: &StoredRow<'_>) -> Result<Option<FieldKey>> {
    let hash = row.parse("field_hash", |bytes: Option<&[u8]>| match bytes {
        None => Some(None),
        Some(bytes) => HashedToken::from_stored(bytes).map(Some),
    })?;
    let Some(hash) = hash else { return Ok(None) };
    Ok(Some(FieldKey {
        hash,
        expires_at: Timestamp(row.get("field_expires_at")?),
    }))
}
