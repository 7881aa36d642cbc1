//! A value on its way from one dialog to another.

use domain::RawValue;
use leptos::prelude::*;

/// The context through which a pasted file goes from the field where it does not belong to the import. In the browser's
/// memory, taken once, and never part of a page: it is put there by a click only.
#[derive(Clone, Copy, Default)]
pub(crate) struct Handover(StoredValue<Option<RawValue>>);

impl Handover {
    /// Leaves it for whoever opens next.
    pub(crate) fn put(self, value: RawValue) {
        self.0.set_value(Some(value));
    }

    /// Takes it.
    pub(crate) fn take(self) -> Option<RawValue> {
        self.0.try_update_value(Option::take).flatten()
    }
}
