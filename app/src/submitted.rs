//! Values and passwords on their one way: from a form to the server.

use std::sync::Arc;

use domain::RawValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A secret value or a password as a form submits it.
///
/// A server function's arguments must be `Clone + Serialize + Deserialize`, which a [`RawValue`] is not, for good
/// reason. This type gives each as little as will do: a clone shares the one buffer, which is zeroed when the last is
/// dropped; serialising works in the browser only, where the value comes from; on the server it is an error, so that a
/// value cannot slip into a page, a resource or an answer.
///
/// The default is a form without the field, or with it left empty.
#[derive(Clone, Default)]
pub(crate) struct SubmittedValue(Arc<RawValue>);

impl SubmittedValue {
    /// Takes the value out, without a copy where this is the only holder (as it is in a server function).
    #[cfg(feature = "ssr")]
    pub(crate) fn into_raw(self) -> RawValue {
        // Exposed to copy it: the other holder keeps its own.
        Arc::try_unwrap(self.0).unwrap_or_else(|shared| RawValue::new(shared.expose().to_owned()))
    }

    /// Whether nothing was typed.
    #[cfg(feature = "ssr")]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for SubmittedValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubmittedValue(…)")
    }
}

impl Serialize for SubmittedValue {
    #[cfg(feature = "hydrate")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Exposed on its way from the form to the server, the one way it goes.
        serializer.serialize_str(self.0.expose())
    }

    #[cfg(not(feature = "hydrate"))]
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("a submitted value is never sent back"))
    }
}

impl<'de> Deserialize<'de> for SubmittedValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RawValue::deserialize(deserializer).map(|value| Self(Arc::new(value)))
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    fn submitted() -> SubmittedValue {
        serde_json::from_str("\"hunter2\"").unwrap()
    }

    #[test]
    fn the_server_cannot_serialise_a_submitted_value() {
        let error = serde_json::to_string(&submitted()).unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn debug_does_not_show_it() {
        assert!(!format!("{:?}", submitted()).contains("hunter2"));
    }

    #[test]
    fn what_was_typed_arrives() {
        let value = submitted();
        let held_elsewhere = value.clone();
        assert_eq!(value.into_raw().expose(), "hunter2");
        assert_eq!(held_elsewhere.into_raw().expose(), "hunter2");
    }

    #[test]
    fn a_field_that_was_not_sent_is_empty() {
        assert!(SubmittedValue::default().is_empty());
    }
}
