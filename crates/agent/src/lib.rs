//! The chat's agents: what answers a person's message, and the tools it has.
//!
//! [`Agents`] takes a message ([`Agents::say`]) and lets an agent work on it, in a task of its own: the language model that is
//! configured, or else a small built-in agent. Both have the same tools: they see which secrets there are, ask for those that
//! are missing, and run code in a sandbox where they are environment variables. What comes of it is written into the
//! conversation as it happens, and told to whoever [watches](Agents::watch).
//!
//! Nothing in this crate ever holds a value: it asks the vault for names, and the sandbox for redacted output.

mod agents;
mod builtin;
mod hub;
mod markdown;
pub mod model;
mod modelled;
mod refusal;
mod said;
mod show;
mod tools;
mod transcript;
mod work;

pub use agents::{About, Agents, Settings};
pub use hub::Updates;
