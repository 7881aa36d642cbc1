//! Identifiers: UUIDv7 (RFC 9562), one type a kind, so that a user's id cannot stand where a secret's belongs.

use std::fmt;

use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $vis:vis $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(Uuid);

        impl $name {
            /// A new id: its first 48 bits are the time, the rest is random.
            pub(crate) fn make() -> Self {
                Self(Uuid::now_v7())
            }

            /// The 16 bytes that are stored and bound into associated data.
            pub(crate) fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From a stored column; `None` unless it is exactly 16 bytes.
            pub(crate) fn from_stored(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

/// Those that come back from outside as text.
macro_rules! ids_from_text {
    ($($name:ident),*) => {$(
        impl $name {
            /// `None` for anything but a UUID, which then is like an id that does not exist.
            pub(crate) fn from_text(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }
    )*};
}

id_types! {
    /// One installation of Strongroom: bound into every sealed row, so that rows of two databases cannot be mixed.
    pub(crate) InstanceId;
    /// An account.
    pub UserId;
    /// A per-user key that seals values.
    pub(crate) DataKeyId;
    /// A secret, whatever its version.
    pub(crate) SecretId;
    /// A browser session.
    pub(crate) SessionId;
    /// An API token's record.
    pub(crate) TokenId;
    /// A sandbox session's record.
    pub(crate) SandboxId;
    /// A secret request.
    pub(crate) RequestId;
    /// A chat with an agent.
    pub(crate) ConversationId;
    /// Somebody's agent product.
    pub(crate) PlatformId;
    /// A record of something done.
    pub(crate) RecordId;
}

ids_from_text!(
    UserId,
    SessionId,
    TokenId,
    SandboxId,
    RequestId,
    ConversationId,
    RecordId
);

impl RecordId {
    /// Below every id made at that time or later.
    pub(crate) fn lowest_at(time: domain::Timestamp) -> Self {
        let millis = u128::from(u64::try_from(time.0).unwrap_or(0));
        Self(Uuid::from_u128(millis << 80))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    #[test]
    fn ids_are_in_the_order_of_time() {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        let now = domain::Timestamp(i64::try_from(now).unwrap_or(0));
        let id = RecordId::make();
        assert!(RecordId::lowest_at(now) <= id && id < RecordId::make());
        assert!(id < RecordId::lowest_at(domain::Timestamp(now.0 + 60_000)));
    }
}
