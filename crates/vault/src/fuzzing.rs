//! Doors for the fuzzer to what is read from outside or from the database. Not in any program.

use crate::id::{DataKeyId, InstanceId, SecretId, UserId};
use crate::keys::{DataKey, Place, open_value};
use crate::token::{HashedToken, TokenKind};

/// Whether bytes open as a value under a key that has sealed nothing.
pub fn opens(envelope: &[u8]) -> bool {
    let (Ok(key), Some(instance)) = (DataKey::make(), InstanceId::from_stored(&[1; 16])) else {
        return false;
    };
    let (Some(user), Some(secret)) = (UserId::from_stored(&[2; 16]), SecretId::from_stored(&[3; 16])) else {
        return false;
    };
    // Its own id stands in the header that is looked at first: put there, so that the rest is looked at too.
    let mut envelope = envelope.to_vec();
    if let Some(id) = envelope.get_mut(2..18) {
        id.copy_from_slice(DataKeyId::as_bytes(&key.id()));
    }
    let place = Place {
        instance,
        user,
        secret,
        version: 1,
        name: "A",
    };
    open_value(&key, place, &envelope).is_ok()
}

/// Whether a text is a whole token of some kind.
pub fn is_token(text: &str) -> bool {
    let kinds = [
        TokenKind::Session,
        TokenKind::Api,
        TokenKind::Sandbox,
        TokenKind::Field,
        TokenKind::Platform,
    ];
    kinds.into_iter().any(|kind| HashedToken::parse(text, kind).is_ok())
}
