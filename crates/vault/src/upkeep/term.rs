//! Replacing the term: another key-encryption key, under which every data key is wrapped anew. Values are not touched.

use domain::ActivityKind;

use super::{Upkeep, UpkeepError};
use crate::Inner;
use crate::config::Durability;
use crate::error::Error;
use crate::store::{Transaction, key_life, keys};

/// Data keys in one transaction, so that nobody waits long for the writer.
const AT_ONCE: u32 = 200;

impl Upkeep<'_> {
    /// Begins another term, wraps all data keys under it, and forgets the terms before. Where that was cut off, it is
    /// brought to its end instead. Gives the term in force.
    ///
    /// # Errors
    /// [`UpkeepError`]. What was done by then stays, and the next start goes on.
    pub async fn rotate_term(&self) -> Result<i64, UpkeepError> {
        let _replacing = self.0.replace_keys()?;
        let cut_off = key_life::term_rows(&mut *self.0.store.read().await?).await?.len() > 1;
        if !cut_off {
            self.0.begin_term().await?;
        }
        self.0.finish_term().await?;
        Ok(self.0.keyring().current_term())
    }
}

impl Inner {
    async fn begin_term(&self) -> Result<(), Error> {
        let (keyring, stored) = self.keyring().with_new_term().map_err(|_| Error::NoRandom)?;
        let now = self.clock.now();
        let mut write = self.store.write(Durability::Power).await?;
        let db = write.connection()?;
        keys::insert_term(db, &stored, now).await?;
        key_life::retire_terms_before(db, stored.term, now).await?;
        write.commit().await?;
        // Whoever wraps a data key does so in a write transaction: what still goes under the old term is found below.
        self.set_keyring(keyring);
        Ok(())
    }

    /// Wraps what is under earlier terms, until there is nothing, and forgets those terms. What does not open is left
    /// under its own, which then stays.
    pub(super) async fn finish_term(&self) -> Result<(), Error> {
        let mut after = None;
        let mut damaged = None;
        loop {
            let mut write = self.store.write(Durability::Power).await?;
            let keyring = self.keyring();
            let current = keyring.current_term();
            let db = write.connection()?;
            let some = key_life::data_keys_before(db, current, after, AT_ONCE).await?;
            for (user, stored) in &some {
                match keyring.rewrap_data_key(*user, stored) {
                    Ok(again) => key_life::rewrap_data_key(db, &again).await?,
                    Err(_) => damaged = damaged.or(Some(stored.id)),
                }
            }
            let Some((_, last)) = some.last() else {
                match (damaged, after) {
                    (Some(id), _) => {
                        write.commit().await?;
                        return Err(Error::Corrupt {
                            table: "data_keys",
                            column: "wrapped",
                            id: id.to_string(),
                        });
                    }
                    // One may have come under the earlier term meanwhile, with an id from before: all are looked at again.
                    (None, Some(_)) => {
                        write.commit().await?;
                        after = None;
                        continue;
                    }
                    (None, None) => return self.forget_terms_before(write, current).await,
                }
            };
            after = Some(last.id);
            some.iter().for_each(|(user, _)| write.touch(*user));
            write.commit().await?;
        }
    }

    /// With nothing left under them.
    async fn forget_terms_before(&self, mut write: Transaction, current: i64) -> Result<(), Error> {
        let db = write.connection()?;
        if key_life::term_rows(db).await?.len() < 2 {
            return write.commit().await;
        }
        key_life::delete_terms_before(db, current).await?;
        self.note_for_owner(&mut write, ActivityKind::KeysRotated, format!("term {current}"))
            .await?;
        write.commit().await?;
        self.store.checkpoint().await;
        Ok(())
    }
}
