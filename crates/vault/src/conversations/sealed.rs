//! From what is kept of conversations to what stands in them, and back.

use domain::chat::Entry;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;
use zeroize::Zeroizing;

use super::Head;
use crate::Inner;
use crate::error::{Error, Result};
use crate::id::{ConversationId, InstanceId, UserId};
use crate::keys::{DataKey, Leaf};
use crate::store::conversations::{Conversation, Sealed, SealedEntry};
use crate::store::keys;

/// Opens one user's conversations. Holds the keys open as long as it lives.
pub(crate) struct Leaves {
    instance: InstanceId,
    user: UserId,
    keys: Vec<DataKey>,
}

/// Which piece of a conversation: the head, or the entry at a position.
pub(super) type Piece = (ConversationId, Option<u32>);

impl Leaves {
    pub(crate) fn head(&self, row: &Conversation) -> Result<Head> {
        self.open((row.id, None), &row.head)
    }

    pub(crate) fn entries(&self, rows: &[SealedEntry]) -> Result<Vec<(u32, Entry)>> {
        rows.iter().map(|row| Ok((row.position, self.entry(row)?))).collect()
    }

    pub(super) fn entry(&self, row: &SealedEntry) -> Result<Entry> {
        self.open((row.conversation, Some(row.position)), &row.sealed)
    }

    fn open<T: DeserializeOwned>(&self, (conversation, position): Piece, sealed: &Sealed) -> Result<T> {
        let leaf = Leaf {
            instance: self.instance,
            user: self.user,
            conversation,
            position,
        };
        let key = self.keys.iter().find(|key| key.id() == sealed.data_key);
        key.and_then(|key| leaf.open(key, &sealed.envelope).ok())
            .and_then(|plain| serde_json::from_slice(&plain).ok())
            .ok_or_else(|| Error::Corrupt {
                table: if position.is_some() {
                    "conversation_entries"
                } else {
                    "conversations"
                },
                column: if position.is_some() { "envelope" } else { "head" },
                id: conversation.to_string(),
            })
    }
}

impl Inner {
    /// What opens a user's conversations.
    pub(crate) async fn leaves(&self, db: &mut SqliteConnection, user: UserId) -> Result<Leaves> {
        let stored = keys::data_keys(db, user).await?;
        let opened = stored.iter().map(|key| self.open_key(user, &stored, key.id));
        Ok(Leaves {
            instance: self.keyring().instance(),
            user,
            keys: opened.collect::<Result<_>>()?,
        })
    }

    /// Seals a piece of a conversation, and counts that.
    pub(super) async fn seal_leaf<T: Serialize>(
        &self,
        db: &mut SqliteConnection,
        user: UserId,
        (conversation, position): Piece,
        what: &T,
    ) -> Result<Sealed> {
        let key = self.key_in_use(user, db).await?;
        let leaf = Leaf {
            instance: self.keyring().instance(),
            user,
            conversation,
            position,
        };
        // Fails for maps with keys that are no texts, of which there are none.
        let plain = Zeroizing::new(serde_json::to_vec(what).unwrap_or_default());
        let envelope = leaf.seal(&key, &plain).map_err(|_| Error::NoRandom)?;
        keys::count_encryptions(db, key.id(), 1).await?;
        Ok(Sealed {
            data_key: key.id(),
            envelope,
        })
    }
}
