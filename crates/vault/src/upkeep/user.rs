//! Replacing an account's data key: everything of it is sealed anew, and the keys before are forgotten.

use domain::{ActivityKind, LoginName};

use super::{Upkeep, UpkeepError};
use crate::Inner;
use crate::activity::record;
use crate::config::Durability;
use crate::error::{Error, Result};
use crate::id::{ConversationId, UserId};
use crate::keys::{DataKey, Leaf, WrappedDataKey, seal_value};
use crate::operator::acting_for;
use crate::store::conversations::{Sealed, SealedEntry};
use crate::store::digests::Watch;
use crate::store::secrets::SealedSecret;
use crate::store::{Transaction, accounts, activity, key_life, keys, resealing};

/// Pieces in one transaction: of the largest values that is some megabytes.
const AT_ONCE: u32 = 50;

impl Upkeep<'_> {
    /// Seals all that an account has under another data key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for no such account. What was done by then stays, and the next start goes on.
    pub async fn rotate_user(&self, login: &LoginName) -> std::result::Result<(), UpkeepError> {
        let vault = self.0;
        let _replacing = vault.replace_keys()?;
        let found = accounts::by_login(&mut *vault.store.read().await?, &vault.key, login.key()).await?;
        let user = found.ok_or(Error::NotFound)?.account.id;
        vault.begin_user(user).await?;
        vault.finish_user(user).await?;
        Ok(())
    }
}

impl Inner {
    async fn begin_user(&self, user: UserId) -> Result<()> {
        let now = self.clock.now();
        let mut write = self.store.write(Durability::Power).await?;
        let db = write.connection()?;
        let (in_use, _) = keys::data_key_in_use(db, user).await?.ok_or(Error::NoRandom)?;
        keys::retire_data_key(db, in_use.id, now).await?;
        let (_, stored) = self.keyring().make_data_key(user).map_err(|_| Error::NoRandom)?;
        keys::insert_data_key(db, user, &stored, now).await?;
        key_life::begin_work(db, user, now).await?;
        write.touch(user);
        write.commit().await
    }

    /// Seals anew what is not under the key in use, until there is nothing.
    pub(super) async fn finish_user(&self, user: UserId) -> Result<()> {
        loop {
            let mut write = self.store.write(Durability::Power).await?;
            let key = self.key_in_use(user, write.connection()?).await?;
            let stored_keys = keys::data_keys(write.connection()?, user).await?;
            let resealing = Resealing {
                vault: self,
                user,
                key,
                stored_keys,
            };
            if resealing.some(&mut write).await? > 0 {
                write.touch(user);
                write.commit().await?;
                continue;
            }
            let db = write.connection()?;
            key_life::end_work(db, user).await?;
            if let Some(account) = accounts::by_id(db, &self.key, user).await? {
                let mut done = record(
                    &acting_for(account.account),
                    self.clock.now(),
                    ActivityKind::KeysRotated,
                );
                done.detail = Some("the keys of the account".to_owned());
                activity::insert(db, [&done]).await?;
            }
            write.touch(user);
            write.commit().await?;
            self.store.checkpoint().await;
            return Ok(());
        }
    }
}

/// One transaction's work.
struct Resealing<'v> {
    vault: &'v Inner,
    user: UserId,
    key: DataKey,
    stored_keys: Vec<WrappedDataKey>,
}

impl Resealing<'_> {
    /// Seals some pieces anew and counts that; gives how many.
    async fn some(&self, write: &mut Transaction) -> Result<usize> {
        let (db, in_use) = (write.connection()?, self.key.id());
        let watch = Watch::begin(db, &self.vault.key, self.user).await?;
        let values = resealing::values_not_under(db, self.user, in_use, AT_ONCE).await?;
        for value in &values {
            resealing::put_value(db, &self.value(value)?).await?;
        }
        let heads = resealing::heads_not_under(db, self.user, in_use, AT_ONCE).await?;
        for (id, head) in &heads {
            let leaf = self.leaf(*id, None);
            resealing::put_head(db, *id, &self.sealed(leaf, head)?).await?;
        }
        let entries = resealing::entries_not_under(db, self.user, in_use, AT_ONCE).await?;
        for entry in &entries {
            let again = SealedEntry {
                conversation: entry.conversation,
                position: entry.position,
                sealed: self.sealed(self.leaf(entry.conversation, Some(entry.position)), &entry.sealed)?,
            };
            resealing::put_entry(db, &again).await?;
        }
        let pieces = values.len() + heads.len() + entries.len();
        keys::count_encryptions(db, in_use, i64::try_from(pieces).unwrap_or(i64::MAX)).await?;
        watch.end(db, &self.vault.key).await?;
        Ok(pieces)
    }

    fn value(&self, stored: &SealedSecret) -> Result<SealedSecret> {
        // Opened to be sealed anew, and for nothing else.
        let value = self.vault.unseal(self.user, &self.stored_keys, [stored])?.pop();
        let value = value.ok_or(Error::NoRandom)?;
        let envelope = seal_value(&self.key, self.vault.place(self.user, stored), &value);
        Ok(SealedSecret {
            id: stored.id,
            name: stored.name.clone(),
            version: stored.version,
            data_key: self.key.id(),
            envelope: envelope.map_err(|_| Error::NoRandom)?,
        })
    }

    fn leaf(&self, conversation: ConversationId, position: Option<u32>) -> Leaf {
        Leaf {
            instance: self.vault.keyring().instance(),
            user: self.user,
            conversation,
            position,
        }
    }

    fn sealed(&self, leaf: Leaf, stored: &Sealed) -> Result<Sealed> {
        let key = self.vault.open_key(self.user, &self.stored_keys, stored.data_key)?;
        let plain = leaf.open(&key, &stored.envelope).map_err(|_| Error::Corrupt {
            table: if leaf.position.is_some() {
                "conversation_entries"
            } else {
                "conversations"
            },
            column: if leaf.position.is_some() { "envelope" } else { "head" },
            id: leaf.conversation.to_string(),
        })?;
        Ok(Sealed {
            data_key: self.key.id(),
            envelope: leaf.seal(&self.key, &plain).map_err(|_| Error::NoRandom)?,
        })
    }
}
