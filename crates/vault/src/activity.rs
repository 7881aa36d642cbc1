//! What was done: every use and every change leaves a record that its owner can read.

use domain::{ActivityKind, ActivityView, FieldError, Page, Scope, SecretName, Timestamp};

use crate::Inner;
use crate::actor::{Actor, Who};
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::store::activity::{self, IdRange, NewRecord, StoredRecord};

/// Reading what was done.
pub struct Activity<'v>(pub(crate) &'v Inner);

/// Records a page at most.
const MOST_A_PAGE: u32 = 200;
/// Records that one call looks through for those that a filter asks for: an account that a busy agent uses for a year has
/// millions, and a name that is in none of them must not cost a walk over all.
const MOST_LOOKED_THROUGH: u32 = 20_000;

/// Which records are asked for: those to which all of this applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    /// Concerning the secret of that name, as it was called then.
    pub name: Option<SecretName>,
    /// Of a sandbox or an API token whose label holds this; A to Z in either case.
    pub agent: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl ActivityFilter {
    fn leaves_out(&self) -> bool {
        self.name.is_some() || self.agent.is_some()
    }
}

impl Activity<'_> {
    /// A page of the actor's records, the newest first; `cursor` is the `next_cursor` of the page before. Under a filter a
    /// page can be shorter than `limit`, even empty, and not be the last: so much was looked through, and no more.
    ///
    /// # Errors
    /// [`Error::MissingScope`]; [`Error::Invalid`] for a cursor that is none.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &ActivityFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<ActivityView>> {
        actor.require(Scope::SecretsRead)?;
        let cursor = cursor.map(parse_cursor).transpose()?;
        let limit = limit.clamp(1, MOST_A_PAGE);
        let end = filter.until.map(RecordId::lowest_at);
        let range = IdRange {
            from: filter.from.map(RecordId::lowest_at),
            // Whichever comes first.
            before: cursor.into_iter().chain(end).min(),
        };
        let mut reader = self.0.store.read().await?;
        // One more than asked for tells whether there is a next page.
        let most = if filter.leaves_out() {
            MOST_LOOKED_THROUGH
        } else {
            limit + 1
        };
        let mut rows = activity::list(&mut reader, actor.user, filter, range, most, limit + 1).await?;
        let next = if rows.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
            rows.pop();
            rows.last().map(|row| row.id)
        } else if filter.leaves_out() {
            activity::nth(&mut reader, actor.user, range, most).await?
        } else {
            None
        };
        Ok(Page {
            items: rows.into_iter().map(view).collect(),
            next_cursor: next.map(|id| id.to_string()),
        })
    }
}

/// A record of something that the actor did, to be completed with names or details.
pub(crate) fn record(actor: &Actor, at: Timestamp, kind: ActivityKind) -> NewRecord {
    NewRecord {
        user: actor.user,
        at,
        kind,
        actor: actor.who(),
        sandbox: None,
        names: None,
        name_set: None,
        address: actor.origin.address_text(),
        detail: None,
    }
}

fn parse_cursor(cursor: &str) -> Result<RecordId> {
    RecordId::from_text(cursor).ok_or_else(|| {
        let message = "This is not a cursor of this list. Leave it out to begin at the newest record.";
        Error::Invalid(vec![FieldError::new("cursor", "cursor.unknown", message)])
    })
}

fn view(row: StoredRecord) -> ActivityView {
    ActivityView {
        id: row.id.to_string(),
        at: row.at,
        kind: row.kind,
        names: row
            .names
            .split(' ')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        actor: Who::in_words(&row.actor),
        sandbox_id: row.sandbox.map(|id| id.to_string()),
        sandbox_label: row.sandbox_label,
        address: row.address,
        detail: row.detail,
    }
}
