//! Taking rows for the right ones that the server did not write last.

use domain::ActivityKind;

use super::{Upkeep, UpkeepError};
use crate::activity::record;
use crate::config::Durability;
use crate::error::Error;
use crate::id::UserId;
use crate::operator::acting_for;
use crate::store::{accounts, activity, digests};

impl Upkeep<'_> {
    /// Takes an account's values for the right ones as they are, though they are not those that were last written.
    /// `false` if they are, and there was nothing to do. `account` is its id.
    ///
    /// # Errors
    /// [`Error::NotFound`] for no such account.
    pub async fn accept(&self, account: &str) -> Result<bool, UpkeepError> {
        let vault = self.0;
        let user = UserId::from_text(account).ok_or(Error::NotFound)?;
        let mut reader = vault.store.read().await?;
        let account = accounts::by_id(&mut reader, &vault.key, user).await?;
        drop(reader);
        let account = account.ok_or(Error::NotFound)?.account;
        let mut write = vault.store.write(Durability::Power).await?;
        let db = write.connection()?;
        let anything = !digests::fits(db, &vault.key, user).await?;
        if anything {
            digests::write(db, &vault.key, user).await?;
            let done = record(&acting_for(account), vault.clock.now(), ActivityKind::ValuesAccepted);
            activity::insert(db, [&done]).await?;
        }
        write.touch(user);
        write.commit().await?;
        Ok(anything)
    }
}
