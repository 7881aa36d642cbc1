//! The primitives, used by this folder only. They are dangerous by themselves:
//! nothing here knows what a key is for, and a nonce must never repeat under one key.
//!
//! AES-256-GCM with random 96-bit nonces (NIST SP 800-38D, 8.2.2), HKDF-SHA-256 (RFC 5869), HMAC-SHA-256 (RFC 2104), the
//! system's random numbers.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes of a GCM nonce.
pub(super) const NONCE_BYTES: usize = 12;
/// Bytes of a GCM tag.
pub(super) const TAG_BYTES: usize = 16;

/// 256 bits of key. Zeroed on drop; cannot be printed, cloned or serialised. Boxed, so that moving it leaves no copy.
pub(super) struct Key(Box<Zeroizing<[u8; 32]>>);

/// A key that is ready to seal and open: its schedule is computed once. Zeroed on drop.
pub(super) struct Cipher(Box<Aes256Gcm>);

/// It did not decrypt: wrong key, wrong place, or changed bytes. Which one is not said, since it cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DoesNotOpen;

/// The operating system's random number generator failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoRandom;

impl Key {
    pub(super) fn make_random() -> Result<Self, NoRandom> {
        let mut key = Self::empty();
        getrandom::fill(key.0.as_mut_slice()).map_err(|_| NoRandom)?;
        Ok(key)
    }

    /// For a caller that fills it in place.
    pub(super) fn filled<E>(fill: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self::empty();
        fill(&mut key.0)?;
        Ok(key)
    }

    fn empty() -> Self {
        Self(Box::new(Zeroizing::new([0_u8; 32])))
    }

    /// For wrapping this key under another, and for nothing else.
    pub(super) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one purpose; the same key and purpose give the same result.
    pub(super) fn derive(&self, purpose: &'static str) -> Self {
        let mut derived = Self::empty();
        expand(&self.0, purpose, derived.0.as_mut_slice());
        derived
    }

    /// What can be stored to recognise this key without saying anything about it. GCM alone does not commit to
    /// its key: one ciphertext can be made to open under two, so a commitment is checked before any use.
    pub(super) fn commitment(&self) -> [u8; 32] {
        let mut commitment = [0_u8; 32];
        expand(&self.0, "strongroom/v1/commitment", &mut commitment);
        commitment
    }

    /// Compares in constant time.
    pub(super) fn fits(&self, commitment: &[u8]) -> bool {
        self.commitment().ct_eq(commitment).into()
    }

    /// A code that only a holder of this key can make for these bytes (HMAC-SHA-256, RFC 2104).
    pub(super) fn authenticate(&self, bytes: &[u8]) -> [u8; 32] {
        self.mac(bytes).finalize().into_bytes().into()
    }

    /// Compares a code in constant time.
    pub(super) fn authenticates(&self, bytes: &[u8], code: &[u8]) -> bool {
        self.mac(bytes).verify_slice(code).is_ok()
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes a key of any length");
        mac.update(bytes);
        mac
    }

    /// Ready for use.
    pub(super) fn cipher(&self) -> Cipher {
        Cipher(Box::new(Aes256Gcm::new((&**self.0).into())))
    }
}

impl Cipher {
    /// Encrypts `buffer` where it stands and returns what has to be stored with it.
    pub(super) fn seal(&self, aad: &[u8], buffer: &mut [u8]) -> Result<([u8; NONCE_BYTES], [u8; TAG_BYTES]), NoRandom> {
        let nonce: [u8; NONCE_BYTES] = random_bytes()?;
        let tag = self
            .0
            .encrypt_inout_detached(&Nonce::from(nonce), aad, buffer.into())
            // Only a plaintext or associated data of more than 2^36 bytes can fail; ours are bounded at 64 KiB.
            .map_err(|_| NoRandom)?;
        Ok((nonce, tag.into()))
    }

    /// Decrypts `buffer` where it stands.
    pub(super) fn open(
        &self,
        nonce: [u8; NONCE_BYTES],
        aad: &[u8],
        buffer: &mut [u8],
        tag: [u8; TAG_BYTES],
    ) -> Result<(), DoesNotOpen> {
        self.0
            .decrypt_inout_detached(&Nonce::from(nonce), aad, buffer.into(), &Tag::from(tag))
            .map_err(|_| DoesNotOpen)
    }
}

/// Random bytes from the operating system.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}

#[expect(
    clippy::expect_used,
    reason = "HKDF-SHA-256 gives up to 8,160 bytes and is asked for 32"
)]
fn expand(key: &[u8; 32], info: &str, out: &mut [u8]) {
    Hkdf::<Sha256>::new(None, key)
        .expand(info.as_bytes(), out)
        .expect("32 bytes are not too many");
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_the_same_key_place_and_bytes() {
        let key = Key::make_random().unwrap();
        let mut buffer = *b"attack at dawn";
        let cipher = key.cipher();
        let (nonce, tag) = cipher.seal(b"here", &mut buffer).unwrap();
        assert_ne!(&buffer, b"attack at dawn");

        let mut elsewhere = buffer;
        assert_eq!(cipher.open(nonce, b"there", &mut elsewhere, tag), Err(DoesNotOpen));
        let mut other_key = buffer;
        assert_eq!(
            key.derive("other").cipher().open(nonce, b"here", &mut other_key, tag),
            Err(DoesNotOpen)
        );
        cipher.open(nonce, b"here", &mut buffer, tag).unwrap();
        assert_eq!(&buffer, b"attack at dawn");
    }

    #[test]
    fn a_commitment_fits_its_own_key_only() {
        let (one, other) = (Key::make_random().unwrap(), Key::make_random().unwrap());
        assert!(one.fits(&one.commitment()));
        assert!(!one.fits(&other.commitment()));
        assert!(!one.fits(b"short"));
    }
}
