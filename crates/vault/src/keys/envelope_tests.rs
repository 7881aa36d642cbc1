#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
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
fn every_flipped_bit_is_refused() {
    let key = DataKey::make().unwrap();
    let sealed = seal_value(&key, place("A"), &value("token")).unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(
            open_value(&key, place("A"), &changed).is_err(),
            "bit {bit} went unnoticed"
        );
    }
}

#[test]
fn every_shortened_envelope_is_refused() {
    let key = DataKey::make().unwrap();
    let sealed = seal_value(&key, place("A"), &value("token")).unwrap();
    for length in 0..sealed.len() {
        assert!(open_value(&key, place("A"), &sealed[..length]).is_err());
    }
}

#[test]
fn a_value_opens_in_its_own_place_only() {
    let key = DataKey::make().unwrap();
    let other = [9_u8; 16];
    let home = place("A");
    let sealed = seal_value(&key, home, &value("token")).unwrap();
    let elsewhere = [
        Place {
            instance: InstanceId::from_stored(&other).unwrap(),
            ..home
        },
        Place {
            user: UserId::from_stored(&other).unwrap(),
            ..home
        },
        Place {
            secret: SecretId::from_stored(&other).unwrap(),
            ..home
        },
        Place { version: 8, ..home },
        Place { name: "B", ..home },
    ];
    for place in elsewhere {
        assert!(open_value(&key, place, &sealed).is_err());
    }
    assert!(open_value(&DataKey::make().unwrap(), home, &sealed).is_err());
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
    for bytes in [1, 123, 124, 125, 4_092, 4_093, 65_535, MAX_VALUE_BYTES] {
        let sealed = seal_value(&key, place("A"), &value(&"z".repeat(bytes))).unwrap();
        assert!(max_plaintext_bytes(sealed.len()) >= bytes);
    }
}
