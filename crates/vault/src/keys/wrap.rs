//! Keys under keys: how one is stored, sealed by another.

use zeroize::Zeroizing;

use super::aad::Aad;
use super::hazmat::{Cipher, DoesNotOpen, Key, NONCE_BYTES, NoRandom, TAG_BYTES};

/// A key as it is stored: nonce, wrapped key, tag; and beside it the commitment it has to fit.
#[derive(Clone)]
pub(crate) struct WrappedKey {
    pub(crate) wrapped: Vec<u8>,
    pub(crate) commitment: Vec<u8>,
}

/// Seals a key for its place.
pub(super) fn wrap(with: &Cipher, place: &Aad, key: &Key) -> Result<WrappedKey, NoRandom> {
    let mut body = Zeroizing::new(*key.expose());
    let (nonce, tag) = with.seal(place.as_bytes(), body.as_mut_slice())?;
    let wrapped = [nonce.as_slice(), body.as_slice(), tag.as_slice()].concat();
    Ok(WrappedKey {
        wrapped,
        commitment: key.commitment().to_vec(),
    })
}

/// Opens what [`wrap`] made for the same place, and compares the key with its commitment before anything is done with it.
pub(super) fn unwrap(with: &Cipher, place: &Aad, stored: &WrappedKey) -> Result<Key, DoesNotOpen> {
    let (nonce, rest) = stored.wrapped.split_first_chunk::<NONCE_BYTES>().ok_or(DoesNotOpen)?;
    let (body, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(DoesNotOpen)?;
    let key = Key::filled(|bytes| {
        *bytes = body.try_into().map_err(|_| DoesNotOpen)?;
        with.open(*nonce, place.as_bytes(), bytes.as_mut_slice(), *tag)
    })?;
    if key.fits(&stored.commitment) {
        Ok(key)
    } else {
        Err(DoesNotOpen)
    }
}
