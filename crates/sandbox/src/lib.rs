//! Runs an agent's code where it can harm nothing, with a sandbox session of its own.

use std::fmt;
use std::pin::Pin;

use domain::SecretName;
use domain::chat::Language;
use tokio::sync::mpsc;
use vault::{Actor, Vault};

/// Something to be run.
#[derive(Debug)]
pub struct Job {
    /// What it is written in.
    pub language: Language,
    /// The code.
    pub code: String,
    /// Text files to put beside it first, by plain name.
    pub files: Vec<(String, String)>,
    /// The secrets that it is given at most; `None`: all; empty: none, and no session is opened.
    pub names: Option<Vec<SecretName>>,
    /// Whether it can reach the network.
    pub network: bool,
    /// What its session is called.
    pub label: Option<String>,
}

/// What happens while it runs.
#[derive(Debug)]
pub enum Event {
    /// It waits for this many others.
    Queued {
        /// How many run or wait before it.
        ahead: usize,
    },
    /// It runs from now on, with these secrets in its environment.
    Started {
        /// The names.
        names: Vec<SecretName>,
    },
    /// It printed something, redacted.
    Output {
        /// Where.
        stream: Stream,
        /// What.
        text: String,
    },
}

/// An output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What became of it.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// The secrets that were in its environment.
    pub names: Vec<SecretName>,
    /// Text files that it left, redacted.
    pub files: Vec<(String, String)>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this code.
    Exited(i32),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "Exited with {code}."),
        }
    }
}

/// Whether code can be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Why nothing can be run, and what to do about it.
    pub problem: Option<String>,
    /// Why runs have no network, and what to do about it.
    pub network_problem: Option<String>,
}

/// Why nothing was run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It cannot run here.
    #[error("{0}")]
    Unavailable(String),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] vault::Error),
}

/// A run under way. Dropped, it is killed, and its session closed.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Outcome, RunError>> + Send + 'a>>;

/// Where code runs.
pub trait Runner: Send + Sync {
    /// Whether it can.
    fn availability(&self) -> Availability;

    /// Runs something for somebody. Dropped before it ends, everything of it is killed, and its session closed.
    fn run<'a>(&'a self, vault: &'a Vault, actor: &'a Actor, job: Job, events: mpsc::Sender<Event>) -> Running<'a>;
}
