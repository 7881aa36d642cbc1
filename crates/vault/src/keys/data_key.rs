//! Per-user data keys: what seals values. They exist in memory only while values are being sealed or opened.

use super::aad::Aad;
use super::hazmat::{Cipher, DoesNotOpen, Key, NONCE_BYTES, NoRandom, TAG_BYTES};
use super::keyring::Term;
use super::wrap::{WrappedKey, unwrap, wrap};
use crate::id::{DataKeyId, InstanceId, UserId};

/// A data key, ready for use. Zeroed on drop.
pub(crate) struct DataKey {
    id: DataKeyId,
    key: Key,
    /// What values are sealed with: derived, so that the commitment and the cipher never share a key.
    sealing: Cipher,
}

/// A data key as it is stored.
#[derive(Clone)]
pub(crate) struct WrappedDataKey {
    pub(crate) id: DataKeyId,
    pub(crate) term: i64,
    pub(crate) key: WrappedKey,
}

impl DataKey {
    /// Encryptions after which a data key is replaced. Random 96-bit nonces are safe up to 2³² uses of a key
    /// (NIST SP 800-38D, 8.3); this stays far below.
    pub(crate) const MOST_ENCRYPTIONS: i64 = 1 << 20;

    /// A new random key under a new id.
    pub(crate) fn make() -> Result<Self, NoRandom> {
        Ok(Self::from_key(DataKeyId::make(), Key::make_random()?))
    }

    fn from_key(id: DataKeyId, key: Key) -> Self {
        let sealing = key.derive("strongroom/v1/values").cipher();
        Self { id, key, sealing }
    }

    pub(crate) fn id(&self) -> DataKeyId {
        self.id
    }

    /// Wraps it under a term's key, bound to its user.
    pub(super) fn wrap(&self, term: &Term, instance: InstanceId, user: UserId) -> Result<WrappedDataKey, NoRandom> {
        let place = place(instance, user, self.id, term.number);
        Ok(WrappedDataKey {
            id: self.id,
            term: term.number,
            key: wrap(&term.wrapping, &place, &self.key)?,
        })
    }

    /// Opens a stored key and checks it against its commitment before anything is done with it.
    pub(super) fn unwrap(
        stored: &WrappedDataKey,
        term: &Term,
        instance: InstanceId,
        user: UserId,
    ) -> Result<Self, DoesNotOpen> {
        let key = unwrap(
            &term.wrapping,
            &place(instance, user, stored.id, stored.term),
            &stored.key,
        )?;
        Ok(Self::from_key(stored.id, key))
    }

    pub(super) fn seal(&self, aad: &[u8], buffer: &mut [u8]) -> Result<([u8; NONCE_BYTES], [u8; TAG_BYTES]), NoRandom> {
        self.sealing.seal(aad, buffer)
    }

    pub(super) fn open(
        &self,
        nonce: [u8; NONCE_BYTES],
        aad: &[u8],
        buffer: &mut [u8],
        tag: [u8; TAG_BYTES],
    ) -> Result<(), DoesNotOpen> {
        self.sealing.open(nonce, aad, buffer, tag)
    }
}

fn place(instance: InstanceId, user: UserId, key: DataKeyId, term: i64) -> Aad {
    Aad::new("strongroom/v1/data-key")
        .field(instance.as_bytes())
        .field(user.as_bytes())
        .field(key.as_bytes())
        .number(term)
}
