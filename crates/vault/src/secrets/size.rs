//! How much one account may hold: checked inside the transaction that would exceed it.

use domain::{MAX_ENVIRONMENT_BYTES, entry_bytes};

use crate::Inner;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::keys::max_plaintext_bytes;
use crate::store::{Transaction, keys, secrets};

impl Inner {
    /// The number of secrets.
    pub(super) async fn check_number(&self, transaction: &mut Transaction, user: UserId) -> Result<()> {
        let limit = self.limits.secrets_per_user;
        let number = secrets::count(transaction.connection()?, user).await?;
        if number > i64::from(limit) {
            Err(Error::TooMany { what: "secrets", limit })
        } else {
            Ok(())
        }
    }

    /// The bytes that all of them take in a process's environment.
    pub(super) async fn check_size(&self, transaction: &mut Transaction, user: UserId) -> Result<()> {
        let sizes = secrets::sizes(transaction.connection()?, user).await?;
        let around_values = sizes.names + sizes.secrets * entry_bytes("", 0);
        let bound = around_values + max_plaintext_bytes(sizes.secrets, sizes.envelopes);
        // Envelopes are padded, so their lengths only bound the sum; near the limit it has to be known exactly.
        if bound <= MAX_ENVIRONMENT_BYTES {
            return Ok(());
        }
        let total = self.exact_size(transaction, user).await?;
        if total > MAX_ENVIRONMENT_BYTES {
            return Err(Error::EnvironmentFull {
                total,
                limit: MAX_ENVIRONMENT_BYTES,
            });
        }
        Ok(())
    }

    async fn exact_size(&self, transaction: &mut Transaction, user: UserId) -> Result<usize> {
        let db = transaction.connection()?;
        let stored_keys = keys::data_keys(db, user).await?;
        let sealed = secrets::sealed(db, user).await?;
        // Opened to be measured: only lengths leave this function.
        let values = self.unseal(user, &stored_keys, &sealed)?;
        Ok(sealed
            .iter()
            .zip(&values)
            .map(|(secret, value)| entry_bytes(secret.name.as_str(), value.len()))
            .sum())
    }
}
