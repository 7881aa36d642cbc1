//! The secrets of one run: a session opened for it, and closed when it is over, whatever became of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::{EnvFormat, SecretName};
use redact::Patterns;
use tokio::task::JoinHandle;
use vault::{Actor, EnvRequest, OpenSandbox, Origin, SandboxSession, Vault};
use zeroize::Zeroizing;

use crate::{Job, RunError};

/// What goes into a run's environment.
pub(crate) struct Secrets {
    pub(crate) values: BTreeMap<String, Zeroizing<String>>,
    pub(crate) names: Vec<SecretName>,
    pub(crate) patterns: Arc<Patterns>,
    session: Option<Session>,
}

/// An open session, closed when this is dropped.
struct Session {
    vault: Vault,
    state: State,
}

enum State {
    /// Opened by somebody, who can close it.
    Opened(Box<Actor>, String),
    /// Proven: it can be closed even if who opened it can do nothing any more.
    Proven(Box<SandboxSession>),
    Closed,
}

/// Beyond what a run can take: starting, and telling what came of it.
const MARGIN: Duration = Duration::from_secs(60);

impl Secrets {
    /// Opens the session and fetches.
    pub(crate) async fn fetch(vault: &Vault, actor: &Actor, job: &Job, longest: Duration) -> Result<Self, RunError> {
        if job.names.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Self {
                values: BTreeMap::new(),
                names: Vec::new(),
                patterns: Arc::new(Patterns::new([])?),
                session: None,
            });
        }
        let open = OpenSandbox {
            label: job.label.clone(),
            ttl_seconds: Some((longest + MARGIN).as_secs().clamp(30, 86_400)),
            names: job.names.clone(),
        };
        // Goes on when the run is given up meanwhile: a session that is being opened is opened, and then closed.
        let fetching = tokio::spawn(Self::open_and_fetch(vault.clone(), actor.clone(), open));
        match fetching.await {
            Ok(fetched) => fetched,
            Err(_) => Err(RunError::Machine(std::io::Error::other("the fetch was cut off"))),
        }
    }

    async fn open_and_fetch(vault: Vault, actor: Actor, open: OpenSandbox) -> Result<Self, RunError> {
        let opened = vault.sandboxes().open(&actor, open).await?;
        let mut session = Session {
            vault: vault.clone(),
            state: State::Opened(Box::new(actor), opened.view.id),
        };
        // Exposed to show that it is its own: it goes no further.
        let token = opened.token.expose();
        let proof = vault.sandboxes().authenticate(token, Origin::default()).await?;
        let request = EnvRequest {
            format: EnvFormat::Json,
            only: None,
            require: BTreeSet::new(),
            wait: Duration::ZERO,
        };
        let answer = vault.sandboxes().environment(&proof, request).await;
        session.state = State::Proven(Box::new(proof));
        // Read back by the one who wrote it; it is always an object of texts.
        let values: BTreeMap<String, Zeroizing<String>> =
            serde_json::from_str::<BTreeMap<String, String>>(&answer?.body)
                .unwrap_or_default()
                .into_iter()
                .map(|(name, value)| (name, Zeroizing::new(value)))
                .collect();
        let names = values.keys().filter_map(|name| SecretName::parse(name).ok()).collect();
        // Exposed to be looked for in what the code prints.
        let patterns = Patterns::new(values.iter().map(|(name, value)| (name.as_str(), value.as_bytes())))?;
        Ok(Self {
            values,
            names,
            patterns: Arc::new(patterns),
            session: Some(session),
        })
    }

    /// Closes the session, and waits until it is closed.
    pub(crate) async fn close(mut self) {
        if let Some(closing) = self.session.take().as_mut().and_then(Session::begin_to_close) {
            // Goes on by itself if nobody waits.
            let _closed = closing.await;
        }
    }
}

impl Session {
    /// Once: `None` if it was begun before, or there is nothing to run it.
    fn begin_to_close(&mut self) -> Option<JoinHandle<()>> {
        let state = std::mem::replace(&mut self.state, State::Closed);
        let vault = self.vault.clone();
        let closing = async move {
            let closed = match state {
                State::Opened(actor, id) => vault.sandboxes().close(&actor, &id).await,
                State::Proven(proof) => vault.sandboxes().end(&proof).await,
                State::Closed => Ok(()),
            };
            if let Err(error) = closed {
                tracing::warn!(%error, "a run's session could not be closed; it ends by time");
            }
        };
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        Some(runtime.spawn(closing))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !matches!(self.state, State::Closed) {
            drop(self.begin_to_close());
        }
    }
}
