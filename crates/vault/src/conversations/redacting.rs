//! Values that stand in a conversation are replaced by their names: in what is about to be kept, and, when a value comes to
//! be stored, in all that was kept before.

use std::sync::Arc;

use domain::chat::Entry;
use domain::{SecretName, SecretValue};
use redact::Patterns;
use sqlx::SqliteConnection;

use super::Head;
use crate::Inner;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::store::conversations::{self, SealedEntry};
use crate::store::{keys, secrets};

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
        let clean = redact::redact_all(patterns, text.as_bytes());
        if clean == text.as_bytes() {
            return Vec::new();
        }
        let before = std::mem::replace(text, String::from_utf8_lossy(&clean).into_owned());
        let found = |name: &&SecretName| text.matches(name.as_str()).count() > before.matches(name.as_str()).count();
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
            let mut head: Head = leaves.head(&row)?;
            if !values.redact(&mut head.title).is_empty() {
                let sealed = self.seal_leaf(db, user, (row.id, None), &head).await?;
                conversations::set_head(db, row.id, &sealed, row.changed_at).await?;
            }
            let kept = conversations::entries(db, row.id, 0).await?;
            for (position, mut entry) in leaves.entries(&kept)? {
                if !values.redact_entry(&mut entry) {
                    continue;
                }
                let entry = SealedEntry {
                    conversation: row.id,
                    position,
                    sealed: self.seal_leaf(db, user, (row.id, Some(position)), &entry).await?,
                };
                conversations::put_entry(db, &entry, row.changed_at).await?;
            }
        }
        Ok(())
    }
}
