//! A secret request: an agent's ask for secrets that are missing, and what became of it.
//!
//! [`RequestDraft`] is what somebody sends; [`RequestDraft::check`] turns it into a [`SecretRequest`], all of whose texts
//! can be shown to a person as they are. No shape here has room for a value.

mod draft;
mod obtain_url;
mod status;
mod view;

pub use draft::{RequestDraft, RequestedDraft, RequestedSecret, SecretRequest};
pub use obtain_url::{ObtainUrl, ObtainUrlError};
pub use status::{Outcome, RequestStatus, UnknownStatus};
pub use view::{AskedView, FieldSecret, FieldView, RequestView};
