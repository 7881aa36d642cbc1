//! The keyring: key-encryption keys, one a term, opened once at start with a key derived from the root.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::aad::Aad;
use super::data_key::{DataKey, WrappedDataKey};
use super::hazmat::{Cipher, DoesNotOpen, Key, NoRandom};
use super::root::RootKey;
use super::wrap::{WrappedKey, unwrap, wrap};
use crate::id::{InstanceId, UserId};

/// All terms, open. Replaced by another when a term or the root key is; a term stays open until the process ends, for
/// whoever has read a key under it and not used it yet. Zeroed on drop.
pub(crate) struct Keyring {
    instance: InstanceId,
    /// What wraps a new term, so that the root key itself is not kept.
    wrapping: Arc<Cipher>,
    terms: BTreeMap<i64, Arc<Term>>,
    current: i64,
}

/// One term's key-encryption key.
pub(super) struct Term {
    pub(super) number: i64,
    pub(super) wrapping: Cipher,
}

/// A term as it is stored.
pub(crate) struct WrappedTerm {
    pub(crate) term: i64,
    pub(crate) key: WrappedKey,
    pub(crate) retired: bool,
}

impl Keyring {
    /// The keyring of a new database: its first term, and what to store of it.
    pub(crate) fn make(root: &RootKey, instance: InstanceId) -> Result<(Self, WrappedTerm), NoRandom> {
        let none = Self {
            instance,
            wrapping: Arc::new(root.keyring_cipher()),
            terms: BTreeMap::new(),
            current: 0,
        };
        none.with_new_term()
    }

    /// The same keyring with another term, which wraps new data keys from then on; and what to store of that.
    pub(crate) fn with_new_term(&self) -> Result<(Self, WrappedTerm), NoRandom> {
        let number = self.current + 1;
        let key = Key::make_random()?;
        let stored = WrappedTerm {
            term: number,
            key: wrap(&self.wrapping, &term_place(self.instance, number), &key)?,
            retired: false,
        };
        let mut terms = self.terms.clone();
        terms.insert(number, Arc::new(Term::new(number, &key)));
        let keyring = Self {
            instance: self.instance,
            wrapping: Arc::clone(&self.wrapping),
            terms,
            current: number,
        };
        Ok((keyring, stored))
    }

    /// The same keyring under another root key.
    pub(crate) fn under(&self, root: &RootKey) -> Self {
        Self {
            instance: self.instance,
            wrapping: Arc::new(root.keyring_cipher()),
            terms: self.terms.clone(),
            current: self.current,
        }
    }

    /// A stored term, wrapped under `new` in place of `old`.
    ///
    /// # Errors
    /// When it does not open under the old root key, or the machine gives no random bytes.
    pub(crate) fn rewrap_term(
        old: &RootKey,
        new: &RootKey,
        instance: InstanceId,
        stored: &WrappedTerm,
    ) -> Result<WrappedTerm, DoesNotOpen> {
        let place = term_place(instance, stored.term);
        let key = unwrap(&old.keyring_cipher(), &place, &stored.key)?;
        Ok(WrappedTerm {
            term: stored.term,
            key: wrap(&new.keyring_cipher(), &place, &key).map_err(|_| DoesNotOpen)?,
            retired: stored.retired,
        })
    }

    /// Opens every stored term.
    ///
    /// # Errors
    /// The number of the term that does not open under this root key; 0 when none is left to wrap new keys with.
    pub(crate) fn open(root: &RootKey, instance: InstanceId, stored: &[WrappedTerm]) -> Result<Self, i64> {
        let with = root.keyring_cipher();
        let mut terms = BTreeMap::new();
        for row in stored {
            let key = unwrap(&with, &term_place(instance, row.term), &row.key).map_err(|_| row.term)?;
            terms.insert(row.term, Arc::new(Term::new(row.term, &key)));
        }
        let current = stored
            .iter()
            .filter(|row| !row.retired)
            .map(|row| row.term)
            .max()
            .ok_or(0)?;
        Ok(Self {
            instance,
            wrapping: Arc::new(with),
            terms,
            current,
        })
    }

    /// The term that wraps new data keys.
    pub(crate) fn current_term(&self) -> i64 {
        self.current
    }

    /// The instance whose rows these keys open.
    pub(crate) fn instance(&self) -> InstanceId {
        self.instance
    }

    /// A new data key for a user, wrapped under the current term.
    pub(crate) fn make_data_key(&self, user: UserId) -> Result<(DataKey, WrappedDataKey), NoRandom> {
        let key = DataKey::make()?;
        let term = self.terms.get(&self.current).ok_or(NoRandom)?;
        let wrapped = key.wrap(term, self.instance, user)?;
        Ok((key, wrapped))
    }

    /// A user's stored data key, wrapped under the current term.
    ///
    /// # Errors
    /// When it does not open, or the machine gives no random bytes.
    pub(crate) fn rewrap_data_key(&self, user: UserId, stored: &WrappedDataKey) -> Result<WrappedDataKey, DoesNotOpen> {
        let term = self.terms.get(&self.current).ok_or(DoesNotOpen)?;
        self.open_data_key(user, stored)?
            .wrap(term, self.instance, user)
            .map_err(|_| DoesNotOpen)
    }

    /// Opens a user's stored data key.
    pub(crate) fn open_data_key(&self, user: UserId, stored: &WrappedDataKey) -> Result<DataKey, DoesNotOpen> {
        let term = self.terms.get(&stored.term).ok_or(DoesNotOpen)?;
        DataKey::unwrap(stored, term, self.instance, user)
    }
}

impl Term {
    fn new(number: i64, key: &Key) -> Self {
        Self {
            number,
            wrapping: key.derive("strongroom/v1/data-keys").cipher(),
        }
    }
}

fn term_place(instance: InstanceId, term: i64) -> Aad {
    Aad::new("strongroom/v1/key-term")
        .field(instance.as_bytes())
        .number(term)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::id::DataKeyId;

    fn instance(byte: u8) -> InstanceId {
        InstanceId::from_stored(&[byte; 16]).unwrap()
    }

    #[test]
    fn a_keyring_opens_under_its_own_root_and_instance_only() {
        let (root, other) = (RootKey::make().unwrap(), RootKey::make().unwrap());
        let (_, stored) = Keyring::make(&root, instance(1)).unwrap();
        let stored = [stored];
        assert!(Keyring::open(&root, instance(1), &stored).is_ok());
        assert_eq!(Keyring::open(&other, instance(1), &stored).err(), Some(1));
        assert_eq!(Keyring::open(&root, instance(2), &stored).err(), Some(1));
        assert_eq!(Keyring::open(&root, instance(1), &[]).err(), Some(0));
    }

    #[test]
    fn a_data_key_opens_for_its_own_user_term_and_commitment_only() {
        let (keyring, _) = Keyring::make(&RootKey::make().unwrap(), instance(1)).unwrap();
        let (user, other) = (UserId::make(), UserId::make());
        let (_, stored) = keyring.make_data_key(user).unwrap();
        assert!(keyring.open_data_key(user, &stored).is_ok());
        assert!(keyring.open_data_key(other, &stored).is_err());

        let moved = WrappedDataKey {
            id: DataKeyId::from_stored(&[7; 16]).unwrap(),
            ..stored.clone()
        };
        assert!(keyring.open_data_key(user, &moved).is_err());
        let uncommitted = WrappedDataKey {
            key: WrappedKey {
                commitment: vec![0; 32],
                ..stored.key.clone()
            },
            ..stored.clone()
        };
        assert!(keyring.open_data_key(user, &uncommitted).is_err());
        let later = WrappedDataKey { term: 2, ..stored };
        assert!(keyring.open_data_key(user, &later).is_err());
    }
}
