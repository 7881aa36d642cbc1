//! What survives a redirect, so that forms work without scripts: shown on one page, once.
//!
//! The server keeps it for a minute (`ssr::Flash`); the page that it is for takes it while it is rendered, and hands it
//! to its forms through a context. Never a value, never a password, never in a URL.

use domain::FieldError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::reply::NewToken;

/// What one form left behind for the next page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// The path of the form's server function, which tells the forms of one page apart. Empty for a notice alone.
    pub(crate) form: String,
    /// Why nothing was changed.
    pub(crate) errors: Vec<FieldError>,
    /// What was typed and may be shown again: field and text. Names and descriptions, never a value or password.
    pub(crate) kept: Vec<(String, String)>,
    /// What was done.
    pub(crate) notice: Option<String>,
    /// A new API token, which is shown this once.
    pub(crate) token: Option<NewToken>,
}

/// The context that holds what this page remembers.
#[derive(Clone, Copy)]
pub(crate) struct PageMemory(RwSignal<Option<Remembered>>);

impl PageMemory {
    /// Takes from the server what it keeps for this page. To be called once a page, before any form is made.
    pub(crate) fn take() -> Self {
        #[cfg(feature = "ssr")]
        let taken = SharedValue::new(crate::ssr::take_remembered);
        #[cfg(not(feature = "ssr"))]
        let taken = SharedValue::new(|| None);
        Self(RwSignal::new(taken.into_inner()))
    }

    /// What the form of that server function left behind.
    pub(crate) fn of_form(self, path: &str) -> Option<Remembered> {
        self.0.get_untracked().filter(|remembered| remembered.form == path)
    }

    /// What the last form did.
    pub(crate) fn notice(self) -> Option<String> {
        self.0.get_untracked().and_then(|remembered| remembered.notice)
    }

    /// Forgets it: with scripts, the next page starts afresh.
    pub(crate) fn forget(self) {
        self.0.set(None);
    }
}
