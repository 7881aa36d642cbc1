//! Values that stand in a conversation are replaced by their names: in what is about to be kept, and, when a value comes to
//! be stored, in all that was kept before.

use std::sync::Arc;

use domain::chat::{Entry, title_of};
use domain::{ActivityKind, SecretName, SecretValue};
use redact::Patterns;
use sqlx::SqliteConnection;

use crate::Inner;
use crate::activity::record;
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::store::conversations::{self, SealedEntry};
use crate::store::{activity, keys, secrets};
use crate::throttle::Guesser;

/// What must not stand in a user's conversations.
pub(super) struct Values {
    names: Vec<SecretName>,
    patterns: Option<Arc<Patterns>>,
}

impl Values {
    /// Made of names and values; nothing to look for is nothing to do.
    pub(super) fn new<'v>(values: impl Iterator<Item = (&'v SecretName, &'v [u8])>) -> Result<Self> {
        let values: Vec<_> = values.collect();
        let names = values.iter().map(|(name, _)| (*name).clone()).collect();
        if values.is_empty() {
            return Ok(Self { names, patterns: None });
        }
        // Compiled to be looked for; the patterns wipe what they hold.
        let patterns = Patterns::new(values.iter().map(|(name, value)| (name.as_str(), *value)));
        Ok(Self {
            names,
            patterns: Some(Arc::new(patterns.map_err(|_| Error::TooLargeToRedact)?)),
        })
    }

    /// Replaces values in a text; gives the secrets whose values stood there.
    pub(super) fn redact(&self, text: &mut String) -> Vec<SecretName> {
        let Some(patterns) = &self.patterns else {
            return Vec::new();
        };
        let (clean, found) = redact::redact_and_tell(patterns, text.as_bytes());
        if !found.is_empty() {
            *text = String::from_utf8_lossy(&clean).into_owned();
        }
        let found = |name: &&SecretName| found.iter().any(|found| found == name.as_str());
        self.names.iter().filter(found).cloned().collect()
    }

    /// Replaces values in all texts of an entry, and notes in a message of the person's what stood there. Says whether there was
    /// anything.
    pub(super) fn redact_entry(&self, entry: &mut Entry) -> bool {
        let mut found: Vec<SecretName> = Vec::new();
        for text in entry.texts_mut() {
            found.extend(self.redact(text));
        }
        let any = !found.is_empty();
        if let Entry::Person { redacted, .. } = entry {
            found.retain(|name| !redacted.contains(name));
            redacted.extend(found);
            redacted.sort_unstable();
            redacted.dedup();
        }
        any
    }
}

impl Inner {
    /// What somebody typed held stored values. That tells them so, as a comparison would: it counts as one, and is recorded.
    pub(super) async fn note_found(
        &self,
        db: &mut SqliteConnection,
        actor: &Actor,
        found: &[SecretName],
    ) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let _counted = self.throttle.attempt(vec![Guesser::Comparing(actor.user)], now)?;
        let mut entry = record(actor, now, ActivityKind::SecretCompared);
        entry.names = Some(found.iter().map(SecretName::as_str).collect::<Vec<_>>().join(" "));
        entry.detail = Some("typed into a chat".to_owned());
        activity::insert(db, [&entry]).await
    }

    /// All values that a user has stored, to be looked for and nothing else.
    pub(super) async fn values_of(&self, db: &mut SqliteConnection, user: UserId) -> Result<Values> {
        let stored = secrets::sealed(db, user).await?;
        let opened = self.unseal(user, &keys::data_keys(db, user).await?, &stored)?;
        let names = stored.iter().map(|secret| &secret.name);
        // Exposed to be looked for in what is about to be kept: they must not be in it.
        Values::new(names.zip(opened.iter().map(|value| value.expose().as_bytes())))
    }

    /// Replaces values that have just come to be stored in all of the user's conversations.
    pub(crate) async fn redact_stored(
        &self,
        db: &mut SqliteConnection,
        user: UserId,
        stored: &[(SecretName, SecretValue)],
    ) -> Result<()> {
        let rows = conversations::of_user(db, user).await?;
        if rows.is_empty() || stored.is_empty() {
            return Ok(());
        }
        // Exposed to be looked for: whoever typed it into a message before gets it out of there.
        let values = Values::new(stored.iter().map(|(name, value)| (name, value.expose().as_bytes())))?;
        let leaves = self.leaves(db, user).await?;
        for row in rows {
            let mut retitled = None;
            for kept in conversations::entries(db, row.id, 0).await? {
                let position = kept.position;
                let Some(mut entry) = readable(leaves.entry(&kept))? else {
                    continue;
                };
                let before = title_by(&entry);
                if !values.redact_entry(&mut entry) {
                    continue;
                }
                if position == 0 {
                    retitled = before.zip(title_by(&entry));
                }
                let entry = SealedEntry {
                    conversation: row.id,
                    position,
                    sealed: self.seal_leaf(db, user, (row.id, Some(position)), &entry).await?,
                };
                conversations::put_entry(db, &entry, row.changed_at).await?;
            }
            let Some(mut head) = readable(leaves.head(&row))? else {
                continue;
            };
            let was = head.title.clone();
            values.redact(&mut head.title);
            // A title that was made of the message is cut, and the value in it then too.
            if let Some((_, title)) = retitled.filter(|(before, _)| *before == was) {
                head.title = title;
            }
            if head.title != was {
                let sealed = self.seal_leaf(db, user, (row.id, None), &head).await?;
                conversations::set_head(db, row.id, &sealed, row.changed_at).await?;
            }
        }
        Ok(())
    }
}

/// What a chat is called after its first message.
fn title_by(entry: &Entry) -> Option<String> {
    match entry {
        Entry::Person { text, .. } => Some(title_of(text)),
        _ => None,
    }
}

/// What is damaged shows a value to nobody, and keeps nobody from storing one; `doctor` names it.
fn readable<T>(opened: Result<T>) -> Result<Option<T>> {
    match opened {
        Err(Error::Corrupt { table, column, id }) => {
            tracing::error!(
                table,
                column,
                id,
                "a piece of a chat does not open; it was left as it is"
            );
            Ok(None)
        }
        other => other.map(Some),
    }
}
