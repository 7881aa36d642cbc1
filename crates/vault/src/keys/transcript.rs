//! Conversations, sealed like values: each entry bound to its user, its conversation and its place there.

use zeroize::Zeroizing;

use super::aad::Aad;
use super::data_key::DataKey;
use super::envelope::{aad_of, open, seal};
use super::hazmat::{DoesNotOpen, NoRandom};
use crate::id::{ConversationId, DataKeyId, InstanceId, UserId};

/// Where a piece of a conversation belongs.
#[derive(Clone, Copy)]
pub(crate) struct Leaf {
    pub(crate) instance: InstanceId,
    pub(crate) user: UserId,
    pub(crate) conversation: ConversationId,
    /// Which entry; `None`: what the conversation is called, and what its runs may do.
    pub(crate) position: Option<u32>,
}

impl Leaf {
    /// Seals bytes for this place.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub(crate) fn seal(self, key: &DataKey, plain: &[u8]) -> Result<Vec<u8>, NoRandom> {
        seal(key, &self.aad(key.id()), plain)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`DoesNotOpen`] for any other place, key or bytes.
    pub(crate) fn open(self, key: &DataKey, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        open(key, &self.aad(key.id()), envelope)
    }

    fn aad(self, key: DataKeyId) -> Aad {
        aad_of("strongroom/v1/conversation", key)
            .field(self.instance.as_bytes())
            .field(self.user.as_bytes())
            .field(self.conversation.as_bytes())
            .number(self.position.map_or(-1, i64::from))
    }
}
