//! How much of a reply is taken. Beyond it, the reply is [too long](super::ModelError::TooLong).

/// Bytes of text in one reply.
pub const TEXT: usize = 256 * 1024;
/// Bytes of one call's arguments, its name included.
pub const ARGUMENTS: usize = 128 * 1024;
/// Calls in one reply.
pub const CALLS: usize = 8;

/// Bytes of one event. Some servers send a whole call, or the whole text, in one, and JSON can make six bytes of one.
pub(super) const EVENT: usize = 2 * 1024 * 1024;
/// Bytes of an answer altogether. A token of four bytes travels in some 300.
pub(super) const ANSWER: usize = 64 * 1024 * 1024;
/// Bytes that are read of a refusal, which should hold a sentence.
pub(super) const REFUSAL: usize = 64 * 1024;
