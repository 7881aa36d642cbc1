//! The server functions: what pages and forms ask of the server.
//!
//! Each is a POST under `/api/ui`, at an address that is written out, and authorises by itself: its first line finds
//! the actor, and the vault takes it from there. Those that a form posts answer with a [`Reply`](crate::reply::Reply),
//! in which errors about fields are data; those that only read answer with what they read.
//!
//! Nothing here returns a value. Where one is taken, it is a [`SubmittedValue`](crate::submitted::SubmittedValue).

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod chat;
pub(crate) mod comparing;
pub(crate) mod entrance;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod platforms;
pub(crate) mod requests;
pub(crate) mod sandboxes;
pub(crate) mod secrets;
pub(crate) mod sessions;
pub(crate) mod tokens;
