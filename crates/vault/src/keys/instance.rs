//! The instance key: what marks rows that carry authority as this server's own, and salts passwords with a secret.
//!
//! Values need no such mark, they do not open in a wrong place. But a row that says who may sign in, or which token opens
//! whose sandbox, could be written by anybody who can write the database file; without this key it does not count.

use super::aad::Aad;
use super::hazmat::{DoesNotOpen, Key, NoRandom};
use super::root::RootKey;
use super::wrap::{WrappedKey, unwrap, wrap};
use crate::id::InstanceId;

/// Made with the database, wrapped under the root key.
pub(crate) struct InstanceKey {
    marks: Key,
    pepper: Key,
}

/// What a row that carries authority says: its kind, then its fields in a fixed order.
pub(crate) struct Claim(Aad);

impl Claim {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self(Aad::new("strongroom/v1/claim").field(kind.as_bytes()))
    }

    pub(crate) fn field(self, bytes: &[u8]) -> Self {
        Self(self.0.field(bytes))
    }

    /// A field that may be absent, which is different from empty.
    pub(crate) fn optional(self, bytes: Option<&[u8]>) -> Self {
        match bytes {
            Some(bytes) => self.field(&[1]).field(bytes),
            None => self.field(&[0]),
        }
    }

    pub(crate) fn number(self, number: i64) -> Self {
        Self(self.0.number(number))
    }
}

impl InstanceKey {
    /// A new one, and how to store it.
    pub(crate) fn make(root: &RootKey, instance: InstanceId) -> Result<(Self, WrappedKey), NoRandom> {
        let key = Key::make_random()?;
        let stored = wrap(&root.instance_cipher(), &place(instance), &key)?;
        Ok((Self::of(&key), stored))
    }

    /// Opens the stored one; `None` when it does not open under this root key.
    pub(crate) fn open(root: &RootKey, instance: InstanceId, stored: &WrappedKey) -> Option<Self> {
        unwrap(&root.instance_cipher(), &place(instance), stored)
            .ok()
            .map(|key| Self::of(&key))
    }

    /// The stored one, wrapped under `new` in place of `old`.
    ///
    /// # Errors
    /// When it does not open under the old root key, or the machine gives no random bytes.
    pub(crate) fn rewrap(
        old: &RootKey,
        new: &RootKey,
        instance: InstanceId,
        stored: &WrappedKey,
    ) -> Result<WrappedKey, DoesNotOpen> {
        let key = unwrap(&old.instance_cipher(), &place(instance), stored)?;
        wrap(&new.instance_cipher(), &place(instance), &key).map_err(|_| DoesNotOpen)
    }

    fn of(key: &Key) -> Self {
        Self {
            marks: key.derive("strongroom/v1/marks"),
            pepper: key.derive("strongroom/v1/pepper"),
        }
    }

    /// The mark to store with a row.
    pub(crate) fn mark(&self, claim: &Claim) -> [u8; 32] {
        self.marks.authenticate(claim.0.as_bytes())
    }

    /// Whether a row says what this server once wrote.
    pub(crate) fn stands_behind(&self, claim: &Claim, mark: &[u8]) -> bool {
        self.marks.authenticates(claim.0.as_bytes(), mark)
    }

    /// Argon2's secret: with it, hashes from a stolen database cannot be guessed at (OWASP calls it a pepper).
    pub(crate) fn pepper(&self) -> &[u8; 32] {
        self.pepper.expose()
    }
}

fn place(instance: InstanceId) -> Aad {
    Aad::new("strongroom/v1/instance-key").field(instance.as_bytes())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_mark_stands_for_its_own_row_and_server_only() {
        let (root, instance) = (RootKey::make().unwrap(), InstanceId::make());
        let (key, stored) = InstanceKey::make(&root, instance).unwrap();
        let claim = || Claim::new("token").field(b"ada").optional(None);
        let mark = key.mark(&claim());
        assert!(
            InstanceKey::open(&root, instance, &stored)
                .unwrap()
                .stands_behind(&claim(), &mark)
        );
        assert!(!key.stands_behind(&Claim::new("token").field(b"eve").optional(None), &mark));
        assert!(!key.stands_behind(&Claim::new("token").field(b"ada").optional(Some(b"")), &mark));
        assert!(!key.stands_behind(&Claim::new("session").field(b"ada").optional(None), &mark));
        let (other, _) = InstanceKey::make(&root, instance).unwrap();
        assert!(!other.stands_behind(&claim(), &mark));
        assert!(InstanceKey::open(&RootKey::make().unwrap(), instance, &stored).is_none());
    }
}
