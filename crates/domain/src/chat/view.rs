//! A conversation as its page shows it.

use serde::{Deserialize, Serialize};

use super::text::Block;
use super::{Language, RunEnd};
use crate::name::stored_list;
use crate::{RequestStatus, RequestView, SecretName, Timestamp};

/// A conversation in the list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationView {
    /// For its address.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When something last came to stand in it.
    pub changed_at: Timestamp,
}

/// What its runs may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationSettings {
    /// Whether they can reach the network.
    pub network: bool,
    /// The secrets that they are given at most; `None`: all.
    #[serde(default, deserialize_with = "stored_list")]
    pub names: Option<Vec<SecretName>>,
}

/// A conversation, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatView {
    /// What it is called, and where.
    pub conversation: ConversationView,
    /// What its runs may do.
    pub settings: ConversationSettings,
    /// What stands in it, in order.
    pub entries: Vec<Shown>,
    /// Secrets that it speaks of and that are no longer stored.
    pub gone: Vec<SecretName>,
    /// Whether the agent is at work.
    pub working: bool,
}

/// An entry at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its number in the conversation, from 0.
    pub position: u32,
    /// What stands there.
    pub entry: EntryView,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryView {
    /// What the person wrote, and the secrets whose values stood in it.
    Person(Vec<Block>, Vec<SecretName>),
    /// What the agent answered.
    Agent(Vec<Block>),
    /// What the agent has answered so far, as it was written.
    Writing(String),
    /// The agent looked at the names.
    Listed,
    /// The agent asked for secrets.
    Asked(Box<AskedInChat>),
    /// The agent ran code.
    Ran(Box<RunView>),
    /// A word of the server's; whether something went wrong.
    Note(String, bool),
}

/// A request in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedInChat {
    /// The request's id.
    pub id: String,
    /// What was asked for.
    pub names: Vec<SecretName>,
    /// What became of it.
    pub status: RequestStatus,
    /// The request itself, as long as it is kept.
    pub request: Option<RequestView>,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunView {
    /// What the code is written in.
    pub language: Language,
    /// The code.
    pub code: String,
    /// Text files that were put beside it.
    pub given: Vec<(String, String)>,
    /// The secrets that it was given.
    pub names: Vec<SecretName>,
    /// Whether it could reach the network.
    pub network: bool,
    /// What it printed.
    pub output: String,
    /// Text files that it left.
    pub files: Vec<(String, String)>,
    /// How it stands.
    pub state: RunState,
}

/// How a run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunState {
    /// It waits for this many others.
    Queued(u32),
    /// It runs.
    Running,
    /// It ended.
    Ended(RunEnd),
    /// The server stopped in the middle of it.
    Cut,
}

/// What a page that shows a conversation is told as it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// What stands at a place now.
    Entry(Shown),
    /// More of the text there: of the answer, or of what the run printed.
    More(u32, String),
    /// Whether the agent is at work.
    Working(bool),
}
