//! The chat's agents: what answers a person's message, and the tools it has.

pub mod model;
