//! Replacing the root key. Only what is wrapped under it is written anew, in one transaction: a few rows.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use domain::ActivityKind;

use super::{Upkeep, UpkeepError};
use crate::config::Durability;
use crate::error::Error;
use crate::keys::{InstanceKey, Keyring, RootKey, finish_replacing, keep_beside};
use crate::store::key_life;
use crate::store::keys::{self, Instance};

/// What became of the root key.
#[derive(Debug)]
pub struct NewRoot {
    /// Of the new key.
    pub fingerprint: String,
    /// Of the one before, which opens the backups that were made before.
    pub former: String,
    /// Where that one is kept.
    pub kept: Option<PathBuf>,
}

impl Upkeep<'_> {
    /// Puts another root key in the place of the one in its file.
    ///
    /// # Errors
    /// [`UpkeepError`].
    pub async fn rotate_root(&self) -> Result<NewRoot, UpkeepError> {
        let vault = self.0;
        let _replacing = vault.replace_keys()?;
        let path = vault.root_file.as_ref().ok_or(UpkeepError::RootKeyHandedIn)?;
        let (old, new) = (RootKey::in_file(path)?, RootKey::make().map_err(|_| Error::NoRandom)?);
        let (former, fingerprint) = (old.fingerprint(), new.fingerprint());
        let expected = vault.root_fingerprint();
        if former != expected {
            return Err(UpkeepError::RootKeyChanged {
                path: path.clone(),
                found: former,
                expected,
            });
        }
        // First, since where this cannot be done the new key could not be put in its place either.
        keep_beside(path, &old).map_err(|source| UpkeepError::NotReplaceable {
            path: path.clone(),
            source,
        })?;
        // Safe on disk before anything is wrapped under it; whichever the database says it is under is there.
        new.write_next_to(path)?;
        let mut write = vault.store.write(Durability::Power).await?;
        let db = write.connection()?;
        let instance = keys::instance(db).await?.ok_or(Error::NoRandom)?;
        let corrupt = |table: &'static str, id: String| Error::Corrupt {
            table,
            column: "wrapped",
            id,
        };
        let mut terms = Vec::new();
        for term in keys::terms(db).await? {
            let again = Keyring::rewrap_term(&old, &new, instance.id, &term);
            terms.push(again.map_err(|_| corrupt("key_terms", term.term.to_string()))?);
        }
        let key = InstanceKey::rewrap(&old, &new, instance.id, &instance.key);
        let instance = Instance {
            root_fingerprint: fingerprint.clone(),
            key: key.map_err(|_| corrupt("instance", "1".to_owned()))?,
            ..instance
        };
        key_life::set_root(db, &instance, &terms).await?;
        let detail = format!("root key {former} by {fingerprint}");
        vault
            .note_for_owner(&mut write, ActivityKind::KeysRotated, detail)
            .await?;
        write.commit().await?;
        vault.set_keyring(vault.keyring().under(&new));
        fingerprint.clone_into(&mut vault.root_fingerprint.lock().unwrap_or_else(PoisonError::into_inner));
        let kept = finish_replacing(path).map_err(|source| UpkeepError::LeftBeside {
            path: path.clone(),
            source,
        })?;
        // The wrapping under the old key is gone from the file too.
        vault.store.checkpoint().await;
        Ok(NewRoot {
            fingerprint,
            former,
            kept,
        })
    }
}

impl crate::Inner {
    pub(super) fn set_keyring(&self, keyring: Keyring) {
        *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keyring);
    }
}
