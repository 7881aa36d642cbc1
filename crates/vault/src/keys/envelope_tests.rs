#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use domain::MAX_VALUE_BYTES;

use super::*;
use crate::keys::data_key::DataKey;

fn value(text: &str) -> SecretValue {
    SecretValue::from_bytes(text.as_bytes().to_vec()).unwrap()
}

fn place(name: &str) -> Place<'_> {
    let id = |byte| [byte; 16];
    Place {
        instance: InstanceId::from_stored(&id(1)).unwrap(),
        user: UserId::from_stored(&id(2)).unwrap(),
        secret: SecretId::from_stored(&id(3)).unwrap(),
        version: 7,
        name,
    }
}

#[test]
fn a_value_comes_back_exactly() {
    let key = DataKey::make().unwrap();
    for text in ["x", "-----BEGIN-----\nline\r\n\tä€😀\n", &"y".repeat(MAX_VALUE_BYTES)] {
        let sealed = seal_value(&key, place("A"), &value(text)).unwrap();
        assert_eq!(open_value(&key, place("A"), &sealed).unwrap().expose(), text);
    }
}

#[test]
fn values_of_similar_length_look_alike() {
    let key = DataKey::make().unwrap();
    let sealed = |bytes: usize| seal_value(&key, place("A"), &value(&"z".repeat(bytes))).unwrap().len();
    assert_eq!(sealed(1), sealed(124));
    assert_ne!(sealed(124), sealed(125));
    assert_eq!(sealed(5_000), sealed(8_000));
}

#[test]
fn the_bound_without_decryption_is_never_too_small() {
    let key = DataKey::make().unwrap();
    let lengths = [1, 123, 124, 125, 4_092, 4_093, 65_535, MAX_VALUE_BYTES];
    let sealed = lengths.map(|bytes| seal_value(&key, place("A"), &value(&"z".repeat(bytes))).unwrap().len());
    for (bytes, sealed) in lengths.into_iter().zip(sealed) {
        assert!(max_plaintext_bytes(1, sealed) >= bytes);
    }
    assert!(max_plaintext_bytes(lengths.len(), sealed.iter().sum()) >= lengths.iter().sum());
}
