//! Runs an agent's code where it can harm nothing, with a sandbox session of its own.
//!
//! A [`Runner`] takes a [`Job`] for somebody: it opens a sandbox session, fetches the environment that the job is allowed, runs the
//! code with it, tells what happens ([`Event`]) with every value redacted, and closes the session, whatever became of it. A run whose
//! future is dropped is killed.
//!
//! The one runner is [`Bubblewrap`]. Another, that lets a machine elsewhere read the env endpoint, would pass the same tests.

mod bubblewrap;
mod end;
mod environment;
mod job;
mod queue;

pub use bubblewrap::{Allowed, Bubblewrap, Settings};
pub use end::{End, Limit};
pub use job::{Event, Job, Limits, Outcome, Stream};

use std::pin::Pin;

use tokio::sync::mpsc;
use vault::{Actor, Vault};

/// Whether code can be run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    #[error("Code cannot be run here. {0}")]
    Unavailable(String),
    /// The job cannot be run as it is.
    #[error("{0}")]
    BadJob(String),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The machine could not do it.
    #[error("The sandbox could not be started: {0}. The operator should look at it.")]
    Machine(#[from] std::io::Error),
    /// The values are too many to be looked for in what it prints.
    #[error("Your secrets are too large together to be kept out of what code prints. Give the chat fewer of them.")]
    TooLarge(#[from] redact::TooLarge),
}

/// A run under way. Dropped, everything of it is killed, and its session closed.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Outcome, RunError>> + Send + 'a>>;

/// Whether code can be run, once that is known.
pub type Asked<'a> = Pin<Box<dyn Future<Output = Availability> + Send + 'a>>;

/// Where code runs.
pub trait Runner: Send + Sync {
    /// Whether it can; found out when it is first asked.
    fn availability(&self) -> Asked<'_>;

    /// Runs something for somebody. Whoever does not read the events stops it from going on.
    fn run<'a>(&'a self, vault: &'a Vault, actor: &'a Actor, job: Job, events: mpsc::Sender<Event>) -> Running<'a>;
}
