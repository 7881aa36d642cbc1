//! What was done: every use and every change leaves a record that its owner can read.

use domain::{ActivityKind, ActivityView, FieldError, Page, Scope, Timestamp};

use crate::Inner;
use crate::actor::{Actor, Who};
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::store::activity::{self, NewRecord, StoredRecord};

/// Reading what was done.
pub struct Activity<'v>(pub(crate) &'v Inner);

/// Records a page at most.
const MOST_A_PAGE: u32 = 200;

impl Activity<'_> {
    /// A page of the actor's records, the newest first; `cursor` is the `next_cursor` of the page before.
    ///
    /// # Errors
    /// [`Error::MissingScope`]; [`Error::Invalid`] for a cursor that is none.
    pub async fn list(&self, actor: &Actor, cursor: Option<&str>, limit: u32) -> Result<Page<ActivityView>> {
        actor.require(Scope::SecretsRead)?;
        let before = cursor.map(parse_cursor).transpose()?;
        let limit = limit.clamp(1, MOST_A_PAGE);
        let mut reader = self.0.store.read().await?;
        // One more than asked for tells whether there is a next page.
        let mut rows = activity::list(&mut reader, actor.user, before, limit + 1).await?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let next_cursor = if more {
            rows.last().map(|row| row.id.to_string())
        } else {
            None
        };
        Ok(Page {
            items: rows.into_iter().map(view).collect(),
            next_cursor,
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
