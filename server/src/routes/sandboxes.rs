//! Sandbox sessions: whoever starts a sandbox opens one, and gives its token to the sandbox.

pub(super) mod close;
pub(super) mod list;
pub(super) mod open;
