//! The envelope: how a sealed value stands in the database.
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | layout version, 1 |
//! | 1 | algorithm, 1 = AES-256-GCM |
//! | 16 | id of the data key |
//! | 12 | nonce |
//! | n | ciphertext of: value length (32 bits, big-endian), value, zeros up to a [`padded_bytes`] size |
//! | 16 | tag |
//!
//! Header, instance, user, secret, version and name are associated data: moved to another row, user, name or version
//! it does not open.

use domain::SecretValue;
use zeroize::Zeroizing;

use super::aad::Aad;
use super::data_key::DataKey;
use super::hazmat::{DoesNotOpen, NONCE_BYTES, NoRandom, TAG_BYTES};
use crate::id::{DataKeyId, InstanceId, SecretId, UserId};

const LAYOUT: u8 = 1;
const AES_256_GCM: u8 = 1;
const KEY_ID_AT: usize = 2;
const NONCE_AT: usize = KEY_ID_AT + 16;
const HEADER_BYTES: usize = NONCE_AT + NONCE_BYTES;
const LENGTH_BYTES: usize = 4;
const SMALLEST_PADDED: usize = 128;
const PAGE: usize = 4096;

/// Where a value belongs.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) instance: InstanceId,
    pub(crate) user: UserId,
    pub(crate) secret: SecretId,
    pub(crate) version: i64,
    pub(crate) name: &'a str,
}

impl Place<'_> {
    fn aad(&self, key: DataKeyId) -> Aad {
        aad_of("strongroom/v1/secret-value", key)
            .field(self.instance.as_bytes())
            .field(self.user.as_bytes())
            .field(self.secret.as_bytes())
            .number(self.version)
            .field(self.name.as_bytes())
    }
}

/// Seals a value for its place.
///
/// # Errors
/// When the machine gives no random bytes.
pub(crate) fn seal_value(key: &DataKey, place: Place<'_>, value: &SecretValue) -> Result<Vec<u8>, NoRandom> {
    // Exposed to be encrypted: this is the way into the database.
    seal(key, &place.aad(key.id()), value.expose().as_bytes())
}

/// Opens what [`seal_value`] made, for the same place.
///
/// # Errors
/// [`DoesNotOpen`] for any other place, key or bytes.
pub(crate) fn open_value(key: &DataKey, place: Place<'_>, envelope: &[u8]) -> Result<SecretValue, DoesNotOpen> {
    let mut plain = open(key, &place.aad(key.id()), envelope)?;
    SecretValue::from_bytes(std::mem::take(&mut *plain)).map_err(|_| DoesNotOpen)
}

/// What every envelope's associated data begins with, whatever it holds.
pub(super) fn aad_of(domain: &'static str, key: DataKeyId) -> Aad {
    Aad::new(domain).field(&[LAYOUT, AES_256_GCM]).field(key.as_bytes())
}

pub(super) fn seal(key: &DataKey, aad: &Aad, plain: &[u8]) -> Result<Vec<u8>, NoRandom> {
    let length = u32::try_from(plain.len()).unwrap_or(u32::MAX);
    let mut body = Zeroizing::new(Vec::with_capacity(padded_bytes(plain.len())));
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(plain);
    body.resize(padded_bytes(plain.len()), 0);
    let (nonce, tag) = key.seal(aad.as_bytes(), &mut body)?;

    let mut envelope = Vec::with_capacity(HEADER_BYTES + body.len() + TAG_BYTES);
    envelope.extend_from_slice(&[LAYOUT, AES_256_GCM]);
    envelope.extend_from_slice(key.id().as_bytes());
    envelope.extend_from_slice(&nonce);
    envelope.extend_from_slice(&body);
    envelope.extend_from_slice(&tag);
    Ok(envelope)
}

pub(super) fn open(key: &DataKey, aad: &Aad, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    let (header, rest) = envelope.split_at_checked(HEADER_BYTES).ok_or(DoesNotOpen)?;
    let (head, nonce) = header.split_at_checked(NONCE_AT).ok_or(DoesNotOpen)?;
    let (kind, key_id) = head.split_at_checked(KEY_ID_AT).ok_or(DoesNotOpen)?;
    if kind != [LAYOUT, AES_256_GCM] || key_id != key.id().as_bytes() {
        return Err(DoesNotOpen);
    }
    let body_bytes = rest.len().checked_sub(TAG_BYTES).ok_or(DoesNotOpen)?;
    let (cipher, tag) = rest.split_at_checked(body_bytes).ok_or(DoesNotOpen)?;
    let nonce = nonce.try_into().map_err(|_| DoesNotOpen)?;
    let tag = tag.try_into().map_err(|_| DoesNotOpen)?;

    let mut body = Zeroizing::new(cipher.to_vec());
    key.open(nonce, aad.as_bytes(), &mut body, tag)?;
    let (length, padded) = body.split_at_checked(LENGTH_BYTES).ok_or(DoesNotOpen)?;
    let length = u32::from_be_bytes(length.try_into().map_err(|_| DoesNotOpen)?);
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= padded.len())
        .ok_or(DoesNotOpen)?;
    // In the same buffer, which is wiped to its end: a second one would be one more place to wipe.
    body.copy_within(LENGTH_BYTES..LENGTH_BYTES + length, 0);
    body.truncate(length);
    Ok(body)
}

/// The most bytes that the values in so many envelopes can have, from the bytes of all envelopes together: the bound that
/// needs no decryption.
pub(crate) fn max_plaintext_bytes(envelopes: usize, bytes: usize) -> usize {
    bytes.saturating_sub(envelopes.saturating_mul(HEADER_BYTES + TAG_BYTES + LENGTH_BYTES))
}

/// Sizes that the database shows: a power of two from 128 bytes to 4 KiB, then whole 4 KiB pages.
fn padded_bytes(value_bytes: usize) -> usize {
    let needed = value_bytes.saturating_add(LENGTH_BYTES);
    if needed <= PAGE {
        needed.next_power_of_two().max(SMALLEST_PADDED)
    } else {
        needed.div_ceil(PAGE).saturating_mul(PAGE)
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
