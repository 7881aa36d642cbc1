//! The one way out: a sandbox's environment.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::{ActivityKind, EnvFormat, SecretName, SecretValue, Timestamp};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::actor::Origin;
use crate::config::Durability;
use crate::error::{AuthFailure, Error, Result};
use crate::keys::{DataKey, Place, open_value};
use crate::records::Fetch;
use crate::sandboxes::Sandboxes;
use crate::sealed_cache::{SealedEnvironment, name_set};
use crate::store::activity::{self, NameSet, NewRecord};
use crate::store::sandboxes::Sandbox;
use crate::store::secrets::SealedSecret;
use crate::token::{HashedToken, TokenKind};

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
    /// How long to wait for required names that are not there yet.
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
    fn may_hold(&self, name: &SecretName) -> bool {
        self.sandbox.names.as_ref().is_none_or(|names| names.contains(name))
    }
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
    /// [`Error::OutsideSession`], [`Error::MissingSecrets`] once `wait` is over, [`Error::Unrepresentable`], and
    /// [`AuthFailure`] when the session ends during the wait.
    pub async fn environment(&self, session: &SandboxSession, request: EnvRequest) -> Result<EnvBody> {
        let filled = self.fill(session, &request).await;
        if let Err(refusal) = &filled {
            self.record_refusal(session, refusal).await?;
        }
        let (body, set) = filled?;
        self.0
            .recorder
            .record(Fetch {
                set,
                sandbox: session.sandbox.id,
                at: self.0.clock.now(),
                address: session.origin.address_text(),
            })
            .await?;
        Ok(EnvBody {
            body,
            format: request.format,
            expires_at: session.sandbox.expires_at,
        })
    }

    async fn fill(&self, session: &SandboxSession, request: &EnvRequest) -> Result<(Zeroizing<String>, Arc<NameSet>)> {
        let outside: Vec<_> = request
            .require
            .iter()
            .filter(|name| !session.may_hold(name))
            .cloned()
            .collect();
        if !outside.is_empty() {
            return Err(Error::OutsideSession { names: outside });
        }
        let sealed = self.wait_for_required(session, request).await?;
        let wanted = |secret: &&SealedSecret| {
            // A row can be older than the list of reserved names: checked again here, where it would do harm.
            secret.name.reserved().is_none()
                && session.may_hold(&secret.name)
                && request.only.as_ref().is_none_or(|only| only.contains(&secret.name))
        };
        let chosen: Vec<&SealedSecret> = sealed.secrets.iter().filter(wanted).collect();
        let set = if chosen.len() == sealed.secrets.len() {
            Arc::clone(&sealed.everything)
        } else {
            Arc::new(name_set(session.sandbox.user, chosen.iter().copied()))
        };
        let values = self.open_all(session, &sealed, &chosen)?;
        let entries: Vec<_> = chosen
            .iter()
            .zip(&values)
            .map(|(secret, value)| (&secret.name, value))
            .collect();
        // Exposed to be written down for the sandbox, which is what all of this is for.
        Ok((domain::env::write(request.format, &entries)?, set))
    }

    fn open_all(
        &self,
        session: &SandboxSession,
        sealed: &SealedEnvironment,
        chosen: &[&SealedSecret],
    ) -> Result<Vec<SecretValue>> {
        let user = session.sandbox.user;
        let corrupt = |table, column, id: String| Error::Corrupt { table, column, id };
        let mut keys: Vec<DataKey> = Vec::with_capacity(1);
        let mut values = Vec::with_capacity(chosen.len());
        for secret in chosen {
            if !keys.iter().any(|key| key.id() == secret.data_key) {
                let damaged = || corrupt("data_keys", "wrapped", secret.data_key.to_string());
                let stored = sealed
                    .data_keys
                    .iter()
                    .find(|key| key.id == secret.data_key)
                    .ok_or_else(damaged)?;
                keys.push(self.0.keyring.open_data_key(user, stored).map_err(|_| damaged())?);
            }
            let damaged = || corrupt("secret_versions", "envelope", secret.id.to_string());
            let key = keys
                .iter()
                .find(|key| key.id() == secret.data_key)
                .ok_or_else(damaged)?;
            let place = Place {
                instance: self.0.keyring.instance(),
                user,
                secret: secret.id,
                version: secret.version,
                name: secret.name.as_str(),
            };
            values.push(open_value(key, place, &secret.envelope).map_err(|_| damaged())?);
        }
        Ok(values)
    }

    /// Returns once everything required is there; is woken by changes, never polls.
    async fn wait_for_required(
        &self,
        session: &SandboxSession,
        request: &EnvRequest,
    ) -> Result<Arc<SealedEnvironment>> {
        let generations = self.0.store.generations();
        let deadline = Instant::now() + request.wait;
        loop {
            let seen = generations.current(session.sandbox.user);
            let sealed = self.0.cache.environment(&self.0.store, session.sandbox.user).await?;
            let there = |name: &&SecretName| {
                !sealed
                    .secrets
                    .iter()
                    .any(|secret| secret.name == **name && secret.name.reserved().is_none())
            };
            let missing: Vec<_> = request.require.iter().filter(there).cloned().collect();
            if missing.is_empty() {
                return Ok(sealed);
            }
            let stopping = self.0.stopping.load(Ordering::Acquire);
            if stopping || Instant::now() >= deadline {
                return Err(Error::MissingSecrets { names: missing });
            }
            let left = u64::try_from(session.sandbox.expires_at.0 - self.0.clock.now().0).unwrap_or(0);
            let until = deadline.min(Instant::now() + Duration::from_millis(left));
            let _over = tokio::time::timeout_at(until, generations.changed(session.sandbox.user, seen)).await;
            // It may have been revoked or have lapsed meanwhile.
            self.live_sandbox(session.token).await?;
        }
    }

    async fn live_sandbox(&self, token: HashedToken) -> Result<Arc<Sandbox>> {
        let sandbox = self
            .0
            .cache
            .session(&self.0.store, token)
            .await?
            .ok_or(AuthFailure::Unknown)?;
        if sandbox.closed_at.is_some() {
            return Err(AuthFailure::Revoked.into());
        }
        if sandbox.expires_at <= self.0.clock.now() {
            return Err(AuthFailure::Expired.into());
        }
        Ok(sandbox)
    }

    async fn record_refusal(&self, session: &SandboxSession, refusal: &Error) -> Result<()> {
        let (names, detail) = match refusal {
            Error::OutsideSession { names } => (names.iter().map(SecretName::as_str).collect(), "not in this session"),
            Error::MissingSecrets { names } => (names.iter().map(SecretName::as_str).collect(), "not stored"),
            Error::Unrepresentable(what) => (
                what.names.iter().map(|(name, _)| name.as_str()).collect(),
                "not possible in the format asked for",
            ),
            _ => return Ok(()),
        };
        let names: Vec<&str> = names;
        let record = NewRecord {
            user: session.sandbox.user,
            at: self.0.clock.now(),
            kind: ActivityKind::EnvRefused,
            actor: "Sandbox".to_owned(),
            sandbox: Some(session.sandbox.id),
            names: Some(names.join(" ")),
            name_set: None,
            address: session.origin.address_text(),
            detail: Some(detail.to_owned()),
        };
        let mut transaction = self.0.store.write(Durability::Process).await?;
        activity::insert(transaction.connection()?, &[record]).await?;
        transaction.commit().await
    }
}
