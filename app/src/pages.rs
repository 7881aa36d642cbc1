//! One module a page. Pages load what `components` show.

pub(crate) mod activity;
pub(crate) mod chat;
pub(crate) mod frame;
pub(crate) mod not_found;
pub(crate) mod request;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod start;

mod door;
