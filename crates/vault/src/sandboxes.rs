//! Sandbox sessions: opened by whoever starts a sandbox, used from inside it, ended early or by time.

use std::sync::Arc;
use std::time::Duration;

use domain::{ActivityKind, FieldError, SandboxView, Scope, SecretName, Timestamp};

use crate::Inner;
use crate::activity::record;
use crate::actor::{Actor, Via, Who};
use crate::clock::millis;
use crate::environment::SandboxSession;
use crate::error::{Error, Result};
use crate::id::SandboxId;
use crate::labels::{check_label, check_names, in_order};
use crate::store::sandboxes::Sandbox;
use crate::store::{activity, sandboxes};
use crate::token::{PlainToken, TokenKind};

/// Sandbox sessions and their environments.
pub struct Sandboxes<'v>(pub(crate) &'v Inner);

/// A session to be opened.
#[derive(Debug, Default)]
pub struct OpenSandbox {
    /// What the opener calls it; at most 100 characters.
    pub label: Option<String>,
    /// Seconds until it ends, 30 to 86,400; 900 unless said.
    pub ttl_seconds: Option<u64>,
    /// The names it may hold, whether they exist yet or not; `None`: all.
    pub names: Option<Vec<SecretName>>,
}

/// A session that has just been opened.
#[derive(Debug)]
pub struct OpenedSandbox {
    /// Its record.
    pub view: SandboxView,
    /// Its token, this once.
    pub token: PlainToken,
}

const DEFAULT_TTL: u64 = 900;
const TTL: std::ops::RangeInclusive<u64> = 30..=86_400;
/// Live sessions an account.
const MOST_LIVE: u32 = 1000;

impl Sandboxes<'_> {
    /// Opens a session. A token that is confined to names opens sessions confined to them.
    ///
    /// # Errors
    /// [`Error::MissingScope`], [`Error::Invalid`], [`Error::OutsideSession`] for names that the token is not for.
    pub async fn open(&self, actor: &Actor, open: OpenSandbox) -> Result<OpenedSandbox> {
        actor.require(Scope::SandboxesWrite)?;
        check(&open)?;
        let now = self.0.clock.now();
        let ttl = Duration::from_secs(open.ttl_seconds.unwrap_or(DEFAULT_TTL));
        let sandbox = Sandbox {
            id: SandboxId::make(),
            user: actor.user,
            label: open
                .label
                .map(|label| label.trim().to_owned())
                .filter(|label| !label.is_empty()),
            names: narrowed(actor, open.names)?,
            opened_by: actor.who(),
            created_at: now,
            expires_at: Timestamp(now.0 + millis(ttl)).min(end_of(actor)),
            closed_at: None,
            last_fetch_at: None,
        };
        let opened_with = match actor.via {
            Via::Token { id, .. } => Some(id),
            _ => None,
        };
        let token = PlainToken::make(TokenKind::Sandbox)?;
        let mut done = record(actor, now, ActivityKind::SandboxOpened);
        done.sandbox = Some(sandbox.id);
        // A power cut may take it away with its token: that is then one that nobody knows. Its end is made lasting.
        let mut transaction = self.0.write_as_durably(actor, self.0.record_durability).await?;
        let generation = self.0.store.generations().current(actor.user);
        let db = transaction.connection()?;
        if sandboxes::count_live(db, actor.user, now).await? >= i64::from(MOST_LIVE) {
            return Err(Error::TooMany {
                what: "live sandboxes",
                limit: MOST_LIVE,
            });
        }
        sandboxes::insert(db, &self.0.key, &sandbox, token.hashed(), opened_with).await?;
        activity::insert(db, [&done]).await?;
        transaction.commit().await?;
        let sandbox = Arc::new(sandbox);
        self.0.cache.opened(token.hashed(), Arc::clone(&sandbox), generation);
        Ok(OpenedSandbox {
            view: view(&sandbox),
            token,
        })
    }

    /// The actor's sessions that can still fetch, the newest first.
    ///
    /// # Errors
    /// [`Error::MissingScope`].
    pub async fn list(&self, actor: &Actor) -> Result<Vec<SandboxView>> {
        actor.require(Scope::SandboxesWrite)?;
        let mut reader = self.0.store.read().await?;
        let live = sandboxes::live(&mut reader, actor.user, self.0.clock.now()).await?;
        Ok(live.iter().map(view).collect())
    }

    /// Ends a session at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none that lives.
    pub async fn close(&self, actor: &Actor, id: &str) -> Result<()> {
        actor.require(Scope::SandboxesWrite)?;
        let id = SandboxId::from_text(id).ok_or(Error::NotFound)?;
        let now = self.0.clock.now();
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        sandboxes::close(db, actor.user, id, now)
            .await?
            .ok_or(Error::NotFound)?;
        let mut done = record(actor, now, ActivityKind::SandboxClosed);
        done.sandbox = Some(id);
        activity::insert(db, [&done]).await?;
        transaction.touch_sandboxes(actor.user);
        transaction.commit().await
    }
}

impl Sandboxes<'_> {
    /// Ends a session from inside, by whoever holds the proof of it: also when who opened it can do nothing any more. One that has
    /// ended stays so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, session: &SandboxSession) -> Result<()> {
        let now = self.0.clock.now();
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        let db = transaction.connection()?;
        if sandboxes::close(db, session.user(), session.id(), now).await?.is_some() {
            let done = session.record(now, ActivityKind::SandboxClosed);
            activity::insert(db, [&done]).await?;
            transaction.touch_sandboxes(session.user());
        }
        transaction.commit().await
    }
}

fn check(open: &OpenSandbox) -> Result<()> {
    let mut errors = Vec::new();
    errors.extend(open.label.as_deref().and_then(check_label));
    errors.extend(check_names(open.names.as_deref()));
    if open.ttl_seconds.is_some_and(|seconds| !TTL.contains(&seconds)) {
        let message = format!("A session lives {} to {} seconds.", TTL.start(), TTL.end());
        errors.push(FieldError::new("ttl_seconds", "sandbox.ttl", message));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

fn narrowed(actor: &Actor, asked: Option<Vec<SecretName>>) -> Result<Option<Vec<SecretName>>> {
    let asked = asked.map(in_order);
    let Via::Token { names: Some(most), .. } = &actor.via else {
        return Ok(asked);
    };
    let Some(asked) = asked else {
        return Ok(Some(most.clone()));
    };
    let outside: Vec<_> = asked
        .iter()
        .filter(|name| most.binary_search(name).is_err())
        .cloned()
        .collect();
    if outside.is_empty() {
        Ok(Some(asked))
    } else {
        Err(Error::OutsideSession { names: outside })
    }
}

/// A sandbox does not outlive the token that opened it.
fn end_of(actor: &Actor) -> Timestamp {
    match actor.via {
        Via::Token {
            expires_at: Some(at), ..
        } => at,
        _ => Timestamp(i64::MAX),
    }
}

fn view(sandbox: &Sandbox) -> SandboxView {
    SandboxView {
        id: sandbox.id.to_string(),
        label: sandbox.label.clone(),
        names: sandbox.names.clone(),
        created_at: sandbox.created_at,
        expires_at: sandbox.expires_at,
        last_fetch_at: sandbox.last_fetch_at,
        opened_by: Who::in_words(&sandbox.opened_by),
    }
}
