//! Opening stored values. Who calls this says why.

use domain::SecretValue;

use crate::Inner;
use crate::error::{Error, Result};
use crate::id::{DataKeyId, InstanceId, UserId};
use crate::keys::{DataKey, Place, WrappedDataKey, open_value};
use crate::store::secrets::SealedSecret;

impl Inner {
    /// Opens sealed secrets of one user, in their order.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for the first that does not open; none is returned then.
    pub(crate) fn unseal<'s>(
        &self,
        user: UserId,
        stored_keys: &[WrappedDataKey],
        secrets: impl IntoIterator<Item = &'s SealedSecret>,
    ) -> Result<Vec<SecretValue>> {
        let instance = self.keyring().instance();
        let secrets = secrets.into_iter();
        let mut keys: Vec<DataKey> = Vec::with_capacity(1);
        let mut values = Vec::with_capacity(secrets.size_hint().0);
        for secret in secrets {
            let key = match keys.iter().position(|key| key.id() == secret.data_key) {
                Some(at) => keys.get(at),
                None => {
                    keys.push(self.open_key(user, stored_keys, secret.data_key)?);
                    keys.last()
                }
            };
            let opened = key.and_then(|key| open_value(key, place(instance, user, secret), &secret.envelope).ok());
            values.push(opened.ok_or_else(|| Error::Corrupt {
                table: "secret_versions",
                column: "envelope",
                id: secret.id.to_string(),
            })?);
        }
        Ok(values)
    }

    /// Where a stored value belongs.
    pub(crate) fn place<'s>(&self, user: UserId, secret: &'s SealedSecret) -> Place<'s> {
        place(self.keyring().instance(), user, secret)
    }

    /// One of a user's data keys.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it is not there or does not open.
    pub(crate) fn open_key(&self, user: UserId, stored_keys: &[WrappedDataKey], id: DataKeyId) -> Result<DataKey> {
        let stored = stored_keys.iter().find(|key| key.id == id);
        stored
            .and_then(|stored| self.keyring().open_data_key(user, stored).ok())
            .ok_or_else(|| Error::Corrupt {
                table: "data_keys",
                column: "wrapped",
                id: id.to_string(),
            })
    }
}

fn place(instance: InstanceId, user: UserId, secret: &SealedSecret) -> Place<'_> {
    Place {
        instance,
        user,
        secret: secret.id,
        version: secret.version,
        name: secret.name.as_str(),
    }
}
