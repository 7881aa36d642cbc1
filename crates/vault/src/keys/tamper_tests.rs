//! The tamper matrix: whatever is stored and opened, with every bit changed, cut at every length, and moved to every other
//! place. All of it is refused, and nothing panics.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use domain::RawValue;

use super::envelope::{Place, open_value, seal_value};
use super::instance::InstanceKey;
use super::keyring::{Keyring, WrappedTerm};
use super::root::RootKey;
use super::transcript::Leaf;
use super::wrap::WrappedKey;
use super::{DataKey, WrappedDataKey};
use crate::id::{ConversationId, InstanceId, SecretId, UserId};

/// How many changed bytes were tried; each has to be refused.
#[derive(Default)]
struct Tried(u32);

impl Tried {
    fn every_change(&mut self, whole: &[u8], opens: impl Fn(&[u8]) -> bool) {
        assert!(opens(whole), "as it was stored it opens");
        for bit in 0..whole.len() * 8 {
            let mut changed = whole.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !opens(&changed),
                "bit {bit} of {} changed, and it opens",
                whole.len() * 8
            );
            self.0 += 1;
        }
        for length in 0..whole.len() {
            assert!(!opens(&whole[..length]), "cut to {length} bytes it opens");
            self.0 += 1;
        }
        for more in [&[0][..], &[0; 16], whole] {
            assert!(
                !opens(&[whole, more].concat()),
                "with {} bytes more it opens",
                more.len()
            );
            self.0 += 1;
        }
    }

    fn every_wrapping(&mut self, stored: &WrappedKey, opens: impl Fn(WrappedKey) -> bool) {
        self.every_change(&stored.wrapped, |wrapped| {
            opens(WrappedKey {
                wrapped: wrapped.to_vec(),
                ..stored.clone()
            })
        });
        self.every_change(&stored.commitment, |commitment| {
            opens(WrappedKey {
                commitment: commitment.to_vec(),
                ..stored.clone()
            })
        });
    }

    fn refused(&mut self, opens: bool, what: &str) {
        assert!(!opens, "{what} opens");
        self.0 += 1;
    }
}

struct World {
    root: RootKey,
    instance: InstanceId,
    keyring: Keyring,
    term: WrappedTerm,
    user: UserId,
    key: DataKey,
    stored_key: WrappedDataKey,
}

impl World {
    fn new() -> Self {
        let (root, instance, user) = (RootKey::make().unwrap(), InstanceId::make(), UserId::make());
        let (keyring, term) = Keyring::make(&root, instance).unwrap();
        let (key, stored_key) = keyring.make_data_key(user).unwrap();
        Self {
            root,
            instance,
            keyring,
            term,
            user,
            key,
            stored_key,
        }
    }
}

#[test]
fn a_value_opens_as_it_was_stored_in_its_own_place_and_not_otherwise() {
    let (world, mut tried) = (World::new(), Tried::default());
    let place = Place {
        instance: world.instance,
        user: world.user,
        secret: SecretId::make(),
        version: 2,
        name: "A_KEY",
    };
    let value = RawValue::new("a value\n".to_owned()).check().unwrap();
    let envelope = seal_value(&world.key, place, &value).unwrap();
    tried.every_change(&envelope, |bytes| open_value(&world.key, place, bytes).is_ok());
    let (other_key, _) = world.keyring.make_data_key(world.user).unwrap();
    tried.refused(open_value(&other_key, place, &envelope).is_ok(), "under another key");
    for (what, elsewhere) in [
        (
            "in another instance",
            Place {
                instance: InstanceId::make(),
                ..place
            },
        ),
        (
            "for another user",
            Place {
                user: UserId::make(),
                ..place
            },
        ),
        (
            "in another secret",
            Place {
                secret: SecretId::make(),
                ..place
            },
        ),
        ("as another version", Place { version: 1, ..place }),
        (
            "under another name",
            Place {
                name: "A_KEY2",
                ..place
            },
        ),
    ] {
        tried.refused(open_value(&world.key, elsewhere, &envelope).is_ok(), what);
    }
    println!("values: {} changes, all refused", tried.0);
}

#[test]
fn a_piece_of_a_chat_opens_in_its_own_place_only() {
    let (world, mut tried) = (World::new(), Tried::default());
    let leaf = Leaf {
        instance: world.instance,
        user: world.user,
        conversation: ConversationId::make(),
        position: Some(1),
    };
    let envelope = leaf.seal(&world.key, b"what was said").unwrap();
    tried.every_change(&envelope, |bytes| leaf.open(&world.key, bytes).is_ok());
    for (what, elsewhere) in [
        (
            "in another instance",
            Leaf {
                instance: InstanceId::make(),
                ..leaf
            },
        ),
        (
            "for another user",
            Leaf {
                user: UserId::make(),
                ..leaf
            },
        ),
        (
            "in another chat",
            Leaf {
                conversation: ConversationId::make(),
                ..leaf
            },
        ),
        (
            "at another place",
            Leaf {
                position: Some(2),
                ..leaf
            },
        ),
        ("as the head", Leaf { position: None, ..leaf }),
    ] {
        tried.refused(elsewhere.open(&world.key, &envelope).is_ok(), what);
    }
    // Nor as something of another kind.
    let place = Place {
        instance: world.instance,
        user: world.user,
        secret: SecretId::from_stored(leaf.conversation.as_bytes()).unwrap(),
        version: 1,
        name: "A_KEY",
    };
    tried.refused(open_value(&world.key, place, &envelope).is_ok(), "as a value");
    println!("chats: {} changes, all refused", tried.0);
}

#[test]
fn keys_open_as_they_were_stored_in_their_own_place_and_not_otherwise() {
    let (world, mut tried) = (World::new(), Tried::default());
    let World {
        keyring,
        user,
        stored_key,
        ..
    } = &world;
    tried.every_wrapping(&stored_key.key, |key| {
        let changed = WrappedDataKey {
            key,
            ..stored_key.clone()
        };
        keyring.open_data_key(*user, &changed).is_ok()
    });
    tried.refused(
        keyring.open_data_key(UserId::make(), stored_key).is_ok(),
        "another user's key",
    );
    let (_, second) = keyring.make_data_key(*user).unwrap();
    let renamed = WrappedDataKey {
        id: second.id,
        ..stored_key.clone()
    };
    tried.refused(keyring.open_data_key(*user, &renamed).is_ok(), "under another key's id");
    let (later, _) = keyring.with_new_term().unwrap();
    let moved = WrappedDataKey {
        term: 2,
        ..stored_key.clone()
    };
    tried.refused(later.open_data_key(*user, &moved).is_ok(), "under another term");

    let opens = |term: i64, key: WrappedKey| {
        let stored = WrappedTerm {
            term,
            key,
            retired: false,
        };
        Keyring::open(&world.root, world.instance, &[stored]).is_ok()
    };
    tried.every_wrapping(&world.term.key, |key| opens(1, key));
    tried.refused(opens(2, world.term.key.clone()), "as another term");

    let (_, instance_key) = InstanceKey::make(&world.root, world.instance).unwrap();
    tried.every_wrapping(&instance_key, |key| {
        InstanceKey::open(&world.root, world.instance, &key).is_some()
    });
    let elsewhere = InstanceKey::open(&world.root, InstanceId::make(), &instance_key).is_some();
    tried.refused(elsewhere, "in another instance");
    // A term is no instance key, though both are wrapped under the root key.
    let swapped = InstanceKey::open(&world.root, world.instance, &world.term.key).is_some();
    tried.refused(swapped, "a term as the instance key");
    println!("keys: {} changes, all refused", tried.0);
}
