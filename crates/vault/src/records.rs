//! No record, no secret: a fetch is recorded before its values leave, and is refused when it cannot be.
//!
//! Group commit: the recorder takes whatever has arrived, commits it in one transaction, releases all who wait, and takes
//! what arrived meanwhile. Alone, a caller waits for its own commit only.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::config::Durability;
use crate::error::{Error, Result};
use crate::id::{SandboxId, SecretId};
use crate::store::activity::{self, NameSet, NewRecord};
use crate::store::{Statements, Store};

/// Records in one transaction at most.
const MOST_TOGETHER: usize = 64;
/// Records waiting at most; beyond, callers wait for a place.
const QUEUE: usize = 1024;

/// Which secrets a sandbox was given.
pub(crate) enum Given {
    /// All of the user's.
    Everything(Arc<NameSet>),
    /// These of them.
    Some(Vec<SecretId>),
}

/// A fetch by a sandbox.
pub(crate) struct Fetch {
    pub(crate) sandbox: SandboxId,
    pub(crate) given: Given,
}

/// Something to be recorded.
struct Entry {
    record: NewRecord,
    fetch: Option<Fetch>,
    /// Who waits for it; nobody where a refusal is noted.
    done: Option<oneshot::Sender<Result<()>>>,
}

/// Takes records of use.
pub(crate) struct Recorder {
    queue: mpsc::Sender<Entry>,
}

impl Recorder {
    /// Starts the task that writes; it ends when the recorder is dropped.
    pub(crate) fn start(store: Arc<Store>, durability: Durability) -> Self {
        let (queue, arrivals) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(store, durability, arrivals));
        Self { queue }
    }

    /// Returns once the fetch is committed.
    ///
    /// # Errors
    /// When it could not be recorded; then its values must not leave.
    pub(crate) async fn record(&self, record: NewRecord, fetch: Option<Fetch>) -> Result<()> {
        let (done, outcome) = oneshot::channel();
        self.queue
            .send(Entry {
                record,
                fetch,
                done: Some(done),
            })
            .await
            .map_err(|_| lost())?;
        outcome.await.map_err(|_| lost())?
    }

    /// Records something that nothing depends on, without waiting: how long it takes says nothing to who caused it.
    pub(crate) fn note(&self, record: NewRecord) {
        if self
            .queue
            .try_send(Entry {
                record,
                fetch: None,
                done: None,
            })
            .is_err()
        {
            tracing::warn!("too much is being recorded; a refused attempt was not");
        }
    }
}

fn lost() -> Error {
    Error::Storage(sqlx::Error::WorkerCrashed)
}

async fn write_all(store: Arc<Store>, durability: Durability, mut arrivals: mpsc::Receiver<Entry>) {
    let mut batch = Vec::with_capacity(MOST_TOGETHER);
    while arrivals.recv_many(&mut batch, MOST_TOGETHER).await > 0 {
        if batch.len() > 1 {
            // Others are about to come, whom one commit can serve too.
            tokio::task::yield_now().await;
            while batch.len() < MOST_TOGETHER
                && let Ok(entry) = arrivals.try_recv()
            {
                batch.push(entry);
            }
        }
        let together = write(&store, durability, &batch).await;
        let alone = batch.len() == 1;
        for entry in batch.drain(..) {
            let outcome = match &together {
                Ok(()) => Ok(()),
                // Where another program holds the file, each alone would wait as long as all did.
                Err(error) if alone || error.is_locked_out() => Err(refused(error)),
                // One of them can be at fault, whose account is being deleted, say: the others shall not suffer for it.
                Err(_) => write(&store, durability, std::slice::from_ref(&entry))
                    .await
                    .map_err(|error| refused(&error)),
            };
            if let Some(done) = entry.done {
                // A caller that has hung up no longer wants to know.
                let _gone = done.send(outcome);
            }
        }
    }
}

fn refused(error: &Error) -> Error {
    tracing::error!(%error, "a record of use could not be written; what it was for was refused");
    match error {
        Error::DiskFull => Error::DiskFull,
        _ => lost(),
    }
}

async fn write(store: &Store, durability: Durability, batch: &[Entry]) -> Result<()> {
    let mut sets = HashMap::new();
    let mut uses = HashMap::new();
    let mut sandboxes = Vec::new();
    // Each set, secret and sandbox once, however often the batch has it: that is where last-used is coalesced.
    for fetch in batch.iter().filter_map(|entry| entry.fetch.as_ref()) {
        sandboxes.push(fetch.sandbox);
        match &fetch.given {
            Given::Everything(set) => {
                sets.insert((set.user, set.digest), (set.as_ref(), fetch.sandbox));
            }
            Given::Some(secrets) => {
                uses.insert(secrets.as_slice(), fetch.sandbox);
            }
        }
    }
    sandboxes.sort_unstable();
    sandboxes.dedup();

    let fetches = activity::Fetches {
        now: batch.iter().map(|entry| entry.record.at).max().unwrap_or(Timestamp(0)),
        records: batch.iter().map(|entry| &entry.record).collect(),
        sets: sets.into_values().collect(),
        uses: uses.into_iter().collect(),
        sandboxes,
    };
    let statements = Statements {
        push: &|query| fetches.push(query),
        is_usual: fetches.is_usual(),
    };
    store.write_at_once(durability, statements).await
}
