//! No record, no secret: a fetch is recorded before its values leave, and is refused when it cannot be.
//!
//! Group commit: the recorder takes whatever has arrived, commits it in one transaction, releases all who wait, and takes
//! what arrived meanwhile. Alone, a caller waits for its own commit only.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{ActivityKind, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::config::Durability;
use crate::error::{Error, Result};
use crate::id::SandboxId;
use crate::store::Store;
use crate::store::activity::{self, NameSet, NewRecord};

/// Records in one transaction at most.
const MOST_TOGETHER: usize = 64;
/// Records waiting at most; beyond, callers wait for a place.
const QUEUE: usize = 1024;

/// One fetch by a sandbox.
pub(crate) struct Fetch {
    pub(crate) set: Arc<NameSet>,
    pub(crate) sandbox: SandboxId,
    pub(crate) at: Timestamp,
    pub(crate) address: Option<String>,
}

struct Waiting {
    fetch: Fetch,
    done: oneshot::Sender<Result<()>>,
}

/// Takes records of use.
pub(crate) struct Recorder {
    queue: mpsc::Sender<Waiting>,
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
    pub(crate) async fn record(&self, fetch: Fetch) -> Result<()> {
        let lost = || Error::Storage(sqlx::Error::WorkerCrashed);
        let (done, outcome) = oneshot::channel();
        self.queue.send(Waiting { fetch, done }).await.map_err(|_| lost())?;
        outcome.await.map_err(|_| lost())?
    }
}

async fn write_all(store: Arc<Store>, durability: Durability, mut arrivals: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(MOST_TOGETHER);
    while arrivals.recv_many(&mut batch, MOST_TOGETHER).await > 0 {
        let outcome = write(&store, durability, &batch).await;
        if let Err(error) = &outcome {
            tracing::error!(%error, records = batch.len(), "records of use could not be written; the fetches were refused");
        }
        for waiting in batch.drain(..) {
            let answer = match &outcome {
                Ok(()) => Ok(()),
                Err(_) => Err(Error::Storage(sqlx::Error::WorkerCrashed)),
            };
            // A caller that has hung up no longer wants to know.
            let _gone = waiting.done.send(answer);
        }
    }
}

async fn write(store: &Store, durability: Durability, batch: &[Waiting]) -> Result<()> {
    let records: Vec<NewRecord> = batch.iter().map(|waiting| record(&waiting.fetch)).collect();
    let now = batch
        .iter()
        .map(|waiting| waiting.fetch.at)
        .max()
        .unwrap_or(Timestamp(0));
    // Each set and sandbox once, however often the batch fetched it: that is where last-used is coalesced.
    let sets: HashMap<_, _> = batch
        .iter()
        .map(|Waiting { fetch, .. }| ((fetch.set.user, fetch.set.digest), (fetch.set.as_ref(), fetch.sandbox)))
        .collect();
    let mut sandboxes: Vec<SandboxId> = batch.iter().map(|waiting| waiting.fetch.sandbox).collect();
    sandboxes.sort_unstable();
    sandboxes.dedup();

    let mut transaction = store.write(durability).await?;
    let db = transaction.connection()?;
    activity::insert(db, &records).await?;
    activity::note_sets(db, &sets.into_values().collect::<Vec<_>>(), now).await?;
    activity::note_fetches(db, &sandboxes, now).await?;
    transaction.commit().await
}

fn record(fetch: &Fetch) -> NewRecord {
    NewRecord {
        user: fetch.set.user,
        at: fetch.at,
        kind: ActivityKind::EnvFetched,
        actor: "Sandbox".to_owned(),
        sandbox: Some(fetch.sandbox),
        names: None,
        name_set: Some(fetch.set.digest),
        address: fetch.address.clone(),
        detail: None,
    }
}
