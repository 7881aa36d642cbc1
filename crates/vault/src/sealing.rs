//! The key that seals what a user stores now.

use sqlx::SqliteConnection;

use crate::Inner;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::keys::DataKey;
use crate::store::keys;

impl Inner {
    /// The user's data key, or a new one where the old has encrypted as often as it should. Whoever seals with it counts that,
    /// in the same transaction.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it does not open.
    pub(crate) async fn key_in_use(&self, user: UserId, db: &mut SqliteConnection) -> Result<DataKey> {
        let in_use = keys::data_key_in_use(db, user).await?;
        match in_use {
            Some((stored, encryptions)) if encryptions < DataKey::MOST_ENCRYPTIONS => {
                let id = stored.id;
                self.open_key(user, &[stored], id)
            }
            worn => {
                let now = self.clock.now();
                if let Some((worn, _)) = worn {
                    keys::retire_data_key(db, worn.id, now).await?;
                }
                let (key, stored) = self.keyring().make_data_key(user).map_err(|_| Error::NoRandom)?;
                keys::insert_data_key(db, user, &stored, now).await?;
                Ok(key)
            }
        }
    }
}
