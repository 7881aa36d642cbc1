//! The key hierarchy: a root key outside the database, terms of key-encryption keys under it, a data key a user under
//! those, values under the data keys. Beside them the instance key, which marks rows that carry authority. What each level wraps is bound to where it belongs by associated data.

mod aad;
mod data_key;
mod envelope;
mod hazmat;
mod instance;
mod keyring;
mod recovery_kit;
mod root;
#[cfg(test)]
mod tamper_tests;
mod transcript;
mod wrap;

pub(crate) use data_key::{DataKey, WrappedDataKey};
pub(crate) use envelope::{Place, max_plaintext_bytes, open_value, seal_value};
pub(crate) use hazmat::random_bytes;
pub(crate) use instance::{Claim, InstanceKey};
pub(crate) use keyring::{Keyring, WrappedTerm};
pub use recovery_kit::{RecoveryKit, recovery_kit};
pub(crate) use root::{RootKey, finish_replacing, keep_beside, load_for, load_or_make};
pub use root::{RootKeyError, RootKeySource};
pub(crate) use transcript::Leaf;
pub(crate) use wrap::WrappedKey;
