//! How much one account may hold: checked inside the transaction that would exceed it.

use domain::{MAX_ENVIRONMENT_BYTES, entry_bytes};

use crate::Inner;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::keys::{Place, max_plaintext_bytes, open_value};
use crate::store::{Transaction, keys, secrets};

impl Inner {
    /// The number of secrets.
    pub(super) async fn check_number(&self, transaction: &mut Transaction, user: UserId) -> Result<()> {
        let limit = self.limits.secrets_per_user;
        let number = secrets::count(transaction.connection()?, user).await?;
        if number > i64::from(limit) {
            Err(Error::TooManySecrets { limit })
        } else {
            Ok(())
        }
    }

    /// The bytes that all of them take in a process's environment.
    pub(super) async fn check_size(&self, transaction: &mut Transaction, user: UserId) -> Result<()> {
        let bound: usize = secrets::sizes(transaction.connection()?, user)
            .await?
            .iter()
            .map(|(name, envelope)| entry_bytes(name, max_plaintext_bytes(usize::try_from(*envelope).unwrap_or(0))))
            .sum();
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
        let opened: Vec<_> = stored_keys
            .iter()
            .filter_map(|stored| self.keyring.open_data_key(user, stored).ok())
            .collect();
        let mut total = 0;
        for secret in secrets::sealed(db, user).await? {
            let place = Place {
                instance: self.keyring.instance(),
                user,
                secret: secret.id,
                version: secret.version,
                name: secret.name.as_str(),
            };
            // Opened to be measured: only its length leaves this loop.
            let value = opened
                .iter()
                .find(|key| key.id() == secret.data_key)
                .and_then(|key| open_value(key, place, &secret.envelope).ok())
                .ok_or_else(|| Error::Corrupt {
                    table: "secret_versions",
                    column: "envelope",
                    id: secret.id.to_string(),
                })?;
            total += entry_bytes(secret.name.as_str(), value.len());
        }
        Ok(total)
    }
}
