//! What the page is told of a chat: its entries as HTML, and what is to be done with them.

use serde::{Deserialize, Serialize};

/// An entry at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownEntry {
    /// Its number in the conversation, from 0.
    pub position: u32,
    /// What stands there. An element in it with [`MORE`] takes the text that comes later.
    pub html: String,
    /// The request that can be answered there, in place of all else.
    pub asks: Option<String>,
}

/// The attribute of the element that takes the text that comes later.
pub(super) const MORE: &str = "data-more";

/// What a page that shows a chat is told as it happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChatUpdate {
    /// What stands at a place now.
    Entry(ShownEntry),
    /// More of the text there: of the answer, or of what a run printed.
    More(u32, String),
    /// Whether the agent is at work.
    Working(bool),
}
