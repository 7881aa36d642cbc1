//! The one way out: a sandbox's environment.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::{
    ActivityKind, EnvFormat, FieldError, NameError, RequestStatus, RequestView, SecretName, SecretRequest, Timestamp,
};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::actor::{Origin, Who};
use crate::error::{AuthFailure, Error, Result};
use crate::id::{SandboxId, UserId};
use crate::records::{Fetch, Given};
use crate::requests::Requests;
use crate::sandboxes::Sandboxes;
use crate::sealed_cache::SealedEnvironment;
use crate::store::activity::NewRecord;
use crate::store::sandboxes::Sandbox;
use crate::store::secrets::SealedSecret;
use crate::token::{HashedToken, TokenKind};

/// The longest that a call waits; who wants to wait longer asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Proof that a live sandbox is asking. Made by [`Sandboxes::authenticate`] only.
pub struct SandboxSession {
    token: HashedToken,
    sandbox: Arc<Sandbox>,
    origin: Origin,
}

/// What a sandbox asks for.
#[derive(Debug)]
pub struct EnvRequest {
    /// How the answer is written.
    pub format: EnvFormat,
    /// Just these; names that do not exist are left out.
    pub only: Option<BTreeSet<SecretName>>,
    /// All of these, or nothing.
    pub require: BTreeSet<SecretName>,
    /// How long to wait for required names that are not there yet; 60 seconds at most.
    pub wait: Duration,
}

/// A written environment, on its way to the sandbox. Zeroed on drop.
pub struct EnvBody {
    /// The text, with every value in it.
    pub body: Zeroizing<String>,
    /// How it is written.
    pub format: EnvFormat,
    /// When the session ends.
    pub expires_at: Timestamp,
}

impl SandboxSession {
    pub(crate) fn user(&self) -> UserId {
        self.sandbox.user
    }

    pub(crate) fn id(&self) -> SandboxId {
        self.sandbox.id
    }

    /// What its opener called it, or its id.
    pub(crate) fn label(&self) -> String {
        self.sandbox
            .label
            .clone()
            .unwrap_or_else(|| self.sandbox.id.to_string())
    }

    /// How long it lives from now on.
    pub(crate) fn left(&self, now: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.sandbox.expires_at.0 - now.0).unwrap_or(0))
    }

    /// A record of something that it did, to be completed with names or details.
    pub(crate) fn record(&self, at: Timestamp, kind: ActivityKind) -> NewRecord {
        NewRecord {
            user: self.sandbox.user,
            at,
            kind,
            actor: Who::SANDBOX.to_owned(),
            sandbox: Some(self.sandbox.id),
            names: None,
            name_set: None,
            address: self.origin.address_text(),
            detail: None,
        }
    }

    pub(crate) fn may_hold(&self, name: &SecretName) -> bool {
        self.sandbox
            .names
            .as_ref()
            .is_none_or(|names| names.binary_search(name).is_ok())
    }
}

/// A written environment, not yet recorded.
struct Filled {
    body: Zeroizing<String>,
    given: Given,
    /// Names of what was given, where it is not everything.
    names: Option<String>,
}

impl Sandboxes<'_> {
    /// Who asks, from the bearer token.
    ///
    /// # Errors
    /// [`AuthFailure`] for anything but the token of a live session.
    pub async fn authenticate(&self, token: &str, origin: Origin) -> Result<SandboxSession> {
        let token = HashedToken::parse(token, TokenKind::Sandbox)?;
        let sandbox = self.live_sandbox(token).await?;
        Ok(SandboxSession { token, sandbox, origin })
    }

    /// The environment of a sandbox: the only function from which a value leaves the vault.
    /// Recorded before it returns; what cannot be recorded is not handed out.
    ///
    /// # Errors
    /// [`Error::OutsideSession`], [`Error::MissingSecrets`] once `wait` is over, [`Error::Unrepresentable`],
    /// [`Error::Invalid`] for a reserved name that is required, and [`AuthFailure`] when the session has ended.
    pub async fn environment(&self, session: &SandboxSession, request: EnvRequest) -> Result<EnvBody> {
        // The proof may be older than the session's end.
        self.live_sandbox(session.token).await?;
        let filled = match self.fill(session, &request).await {
            Ok(filled) => filled,
            Err(refusal) => {
                self.record_refusal(session, &refusal).await?;
                return Err(refusal);
            }
        };
        let mut record = session.record(self.0.clock.now(), ActivityKind::EnvFetched);
        match &filled.given {
            Given::Everything(set) => record.name_set = Some(set.digest),
            Given::Some(_) => record.names = filled.names,
        }
        let fetch = Fetch {
            sandbox: session.sandbox.id,
            given: filled.given,
        };
        self.0.recorder.record(record, Some(fetch)).await?;
        // The session may have been closed while the record waited for its turn: whoever closed it was told so.
        self.live_sandbox(session.token).await?;
        Ok(EnvBody {
            body: filled.body,
            format: request.format,
            expires_at: session.sandbox.expires_at,
        })
    }

    async fn fill(&self, session: &SandboxSession, request: &EnvRequest) -> Result<Filled> {
        check_required(session, &request.require)?;
        let sealed = self.wait_for_required(session, request).await?;
        let wanted = |secret: &&SealedSecret| {
            // Checked again here, where it would do harm.
            !(sealed.has_reserved && secret.name.reserved().is_some())
                && session.may_hold(&secret.name)
                && request.only.as_ref().is_none_or(|only| only.contains(&secret.name))
        };
        let chosen: Vec<&SealedSecret> = sealed.secrets.iter().filter(wanted).collect();
        let values = self
            .0
            .unseal(session.sandbox.user, &sealed.data_keys, chosen.iter().copied())?;
        let entries: Vec<_> = chosen
            .iter()
            .zip(&values)
            .map(|(secret, value)| (&secret.name, value))
            .collect();
        // The values are written down for the sandbox, which is what all of this is for.
        let body = domain::env::write(request.format, &entries)?;
        if chosen.len() == sealed.secrets.len() {
            return Ok(Filled {
                body,
                given: Given::Everything(Arc::clone(&sealed.everything)),
                names: None,
            });
        }
        let names: Vec<&str> = chosen.iter().map(|secret| secret.name.as_str()).collect();
        let given = Given::Some(chosen.iter().map(|secret| secret.id).collect());
        Ok(Filled {
            body,
            given,
            names: Some(names.join(" ")),
        })
    }

    /// Returns once everything required is there; is woken by changes, never polls.
    async fn wait_for_required(
        &self,
        session: &SandboxSession,
        request: &EnvRequest,
    ) -> Result<Arc<SealedEnvironment>> {
        let generations = self.0.store.generations();
        let deadline = Instant::now() + request.wait.min(LONGEST_WAIT);
        let mut asked = None;
        loop {
            let seen = generations.current(session.sandbox.user);
            let sealed = self.0.cache.environment(&self.0.store, session.sandbox.user).await?;
            let is_missing = |name: &&SecretName| !sealed.secrets.iter().any(|secret| secret.name == **name);
            let missing: Vec<_> = request.require.iter().filter(is_missing).cloned().collect();
            if missing.is_empty() {
                return Ok(sealed);
            }
            asked = self.ask_for(session, &missing, asked).await?;
            let waits = asked
                .as_deref()
                .is_none_or(|asked| asked.status == RequestStatus::Pending);
            let stopping = self.0.stopping.load(Ordering::Acquire);
            if !waits || stopping || Instant::now() >= deadline {
                return Err(Error::MissingSecrets {
                    names: missing,
                    request: asked,
                });
            }
            let until = deadline.min(Instant::now() + session.left(self.0.clock.now()));
            let _over = tokio::time::timeout_at(until, generations.changed(session.sandbox.user, seen)).await;
            // It may have been revoked or have lapsed meanwhile.
            self.live_sandbox(session.token).await?;
        }
    }

    /// The request for what is missing: the one that was made when this call began, or the one of this sandbox for the same
    /// names, or a new one.
    async fn ask_for(
        &self,
        session: &SandboxSession,
        missing: &[SecretName],
        asked: Option<Box<RequestView>>,
    ) -> Result<Option<Box<RequestView>>> {
        let requests = Requests(self.0);
        let request = match asked {
            Some(asked) => requests.get_for_sandbox(session, &asked.id, Duration::ZERO).await,
            None => {
                requests
                    .create_for_sandbox(session, SecretRequest::of_names(missing))
                    .await
            }
        };
        match request {
            Ok(request) => Ok(Some(Box::new(request))),
            Err(Error::TooMany { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    async fn live_sandbox(&self, token: HashedToken) -> Result<Arc<Sandbox>> {
        let found = self.0.cache.session(&self.0.store, &self.0.key, token).await?;
        let sandbox = found.ok_or(AuthFailure::Unknown)?;
        if sandbox.closed_at.is_some() {
            return Err(AuthFailure::Revoked.into());
        }
        if sandbox.expires_at <= self.0.clock.now() {
            return Err(AuthFailure::Expired.into());
        }
        Ok(sandbox)
    }

    async fn record_refusal(&self, session: &SandboxSession, refusal: &Error) -> Result<()> {
        let (names, detail): (Vec<&str>, _) = match refusal {
            Error::OutsideSession { names } => (names.iter().map(SecretName::as_str).collect(), "not in this session"),
            Error::MissingSecrets { names, .. } => (names.iter().map(SecretName::as_str).collect(), "not stored"),
            Error::Unrepresentable(what) => (
                what.names.iter().map(|(name, _)| name.as_str()).collect(),
                "not possible in the format asked for",
            ),
            _ => return Ok(()),
        };
        let mut record = session.record(self.0.clock.now(), ActivityKind::EnvRefused);
        record.names = Some(names.join(" "));
        record.detail = Some(detail.to_owned());
        self.0.recorder.record(record, None).await
    }
}

/// What can be said of required names before anything is read.
fn check_required(session: &SandboxSession, require: &BTreeSet<SecretName>) -> Result<()> {
    let reserved: Vec<_> = require
        .iter()
        .filter_map(|name| name.reserved())
        .map(|reserved| FieldError::name(&NameError::Reserved(reserved)).at("require"))
        .collect();
    if !reserved.is_empty() {
        return Err(Error::Invalid(reserved));
    }
    let outside: Vec<_> = require.iter().filter(|name| !session.may_hold(name)).cloned().collect();
    if outside.is_empty() {
        Ok(())
    } else {
        Err(Error::OutsideSession { names: outside })
    }
}
