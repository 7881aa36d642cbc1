//! The secrets of one run: a session opened for it, and closed when it is over, whatever became of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::{EnvFormat, SecretName};
use redact::Patterns;
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
    proof: Option<SandboxSession>,
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
        let opened = vault.sandboxes().open(actor, open).await?;
        // Exposed to show that it is its own: it goes no further.
        let token = opened.token.expose();
        let proof = vault.sandboxes().authenticate(token, Origin::default()).await?;
        let request = EnvRequest {
            format: EnvFormat::Json,
            only: None,
            require: BTreeSet::new(),
            wait: Duration::ZERO,
        };
        let session = Session {
            vault: vault.clone(),
            proof: Some(proof),
        };
        let answer = match &session.proof {
            Some(proof) => vault.sandboxes().environment(proof, request).await?,
            None => return Err(vault::Error::NotFound.into()),
        };
        // Read back by the one who wrote it; it is always an object of texts.
        let values: BTreeMap<String, Zeroizing<String>> =
            serde_json::from_str::<BTreeMap<String, String>>(&answer.body)
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
}

impl Secrets {
    /// Closes the session, and waits until it is closed.
    pub(crate) async fn close(&mut self) {
        if let Some((vault, proof)) = self.session.take().and_then(Session::into_parts) {
            close(&vault, &proof).await;
        }
    }
}

impl Session {
    fn into_parts(mut self) -> Option<(Vault, SandboxSession)> {
        Some((self.vault.clone(), self.proof.take()?))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let (Some(proof), Ok(runtime)) = (self.proof.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        let vault = self.vault.clone();
        runtime.spawn(async move { close(&vault, &proof).await });
    }
}

async fn close(vault: &Vault, proof: &SandboxSession) {
    if let Err(error) = vault.sandboxes().end(proof).await {
        tracing::warn!(%error, "a run's session could not be closed; it ends by time");
    }
}
