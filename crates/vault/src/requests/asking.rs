//! Making a request.

use domain::{ActivityKind, Outcome, RequestStatus, RequestView, SecretName, SecretRequest, Timestamp};

use super::{MOST_WAITING, Requests, asker, view};
use crate::activity::record;
use crate::actor::{Actor, Via};
use crate::error::{AuthFailure, Error, Result};
use crate::id::RequestId;
use crate::store::activity::{self, NewRecord};
use crate::store::requests::{self, Asker, Request};
use crate::store::{Transaction, sandboxes};

impl Requests<'_> {
    /// Asks the person whom this credential acts for. Commits as records of use do: what a kill must not lose, a loss of
    /// power may.
    ///
    /// # Errors
    /// [`Error::MissingScope`]; [`Error::OutsideSession`] for names that the token is not for; [`Error::TooMany`] when the
    /// person has as many waiting as one can look at.
    pub async fn create(&self, actor: &Actor, asked: SecretRequest) -> Result<RequestView> {
        let asker = asker(actor)?;
        if let Via::Token { names: Some(most), .. } = &actor.via {
            refuse_outside(&asked, |name| most.binary_search(name).is_ok())?;
        }
        let now = self.0.clock.now();
        let request = Request::make(actor, asker, asked, now);
        let mut done = record(actor, now, ActivityKind::RequestMade);
        done.detail = request.reason.clone();
        let transaction = self.0.write_as_durably(actor, self.0.record_durability).await?;
        self.insert(transaction, request, done).await
    }

    /// The same from inside a sandbox. The same names again in one sandbox give the same request, unless that has lapsed: a
    /// person who said no is not asked twice. What sandboxes that have ended asked for in the same names is taken back.
    ///
    /// # Errors
    /// The same; names that the session was not opened for are refused.
    pub async fn create_for_sandbox(
        &self,
        session: &crate::SandboxSession,
        asked: SecretRequest,
    ) -> Result<RequestView> {
        refuse_outside(&asked, |name| session.may_hold(name))?;
        let now = self.0.clock.now();
        let request = Request {
            id: RequestId::make(),
            user: session.user(),
            status: RequestStatus::Pending,
            asker: Asker::Sandbox(session.id()),
            asked_by: format!("Sandbox {}", session.label()),
            secrets: asked.secrets,
            outcomes: None,
            reason: asked.reason,
            requested_by: asked.requested_by,
            created_at: now,
            expires_at: lasting(now, asked.ttl_seconds),
            ended_at: None,
            field: None,
        };
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        let db = transaction.connection()?;
        // It may have ended while what it asks for was on its way here.
        if !sandboxes::is_live(db, session.id(), now).await? {
            transaction.commit().await?;
            return Err(AuthFailure::Revoked.into());
        }
        let earlier = requests::of_asker(db, &self.0.key, session.user(), request.asker, MOST_WAITING).await?;
        if let Some(earlier) = earlier.into_iter().find(|earlier| earlier.answers(&request, now)) {
            transaction.commit().await?;
            return Ok(view(earlier, now));
        }
        // A program that is started again and again asks from a new sandbox each time.
        requests::supersede(db, session.user(), &request.names(), now).await?;
        let mut done = session.record(now, ActivityKind::RequestMade);
        done.detail = request.reason.clone();
        self.insert(transaction, request, done).await
    }

    async fn insert(&self, mut transaction: Transaction, request: Request, mut done: NewRecord) -> Result<RequestView> {
        let (user, now) = (request.user, request.created_at);
        let db = transaction.connection()?;
        if requests::count_waiting(db, user, now).await? >= i64::from(MOST_WAITING) {
            return Err(Error::TooMany {
                what: "requests waiting",
                limit: MOST_WAITING,
            });
        }
        requests::insert(db, &self.0.key, &request).await?;
        done.names = Some(request.names());
        activity::insert(db, [&done]).await?;
        transaction.touch(user);
        transaction.commit().await?;
        Ok(view(request, now))
    }
}

impl Request {
    /// Whether it stands for what is asked anew: it waits for the same names, or the person has skipped each of them.
    fn answers(&self, anew: &Self, now: Timestamp) -> bool {
        if self.status_at(now) == RequestStatus::Pending {
            return self.names() == anew.names();
        }
        let outcomes = self.outcomes.as_deref().unwrap_or_default();
        let skipped = |name: &SecretName| {
            let mut all = self.secrets.iter().zip(outcomes);
            all.any(|(secret, outcome)| secret.name == *name && *outcome == Outcome::Skipped)
        };
        anew.secrets.iter().all(|secret| skipped(&secret.name))
    }

    fn make(actor: &Actor, asker: Asker, asked: SecretRequest, now: Timestamp) -> Self {
        Self {
            id: RequestId::make(),
            user: actor.user,
            status: RequestStatus::Pending,
            asker,
            asked_by: crate::actor::Who::in_words(&actor.who()),
            secrets: asked.secrets,
            outcomes: None,
            reason: asked.reason,
            requested_by: asked.requested_by,
            created_at: now,
            expires_at: lasting(now, asked.ttl_seconds),
            ended_at: None,
            field: None,
        }
    }
}

fn lasting(now: Timestamp, seconds: u64) -> Timestamp {
    Timestamp(
        now.0
            .saturating_add(i64::try_from(seconds).unwrap_or(0).saturating_mul(1000)),
    )
}

fn refuse_outside(asked: &SecretRequest, may_hold: impl Fn(&SecretName) -> bool) -> Result<()> {
    let outside: Vec<_> = asked
        .secrets
        .iter()
        .map(|secret| &secret.name)
        .filter(|name| !may_hold(name))
        .cloned()
        .collect();
    if outside.is_empty() {
        Ok(())
    } else {
        Err(Error::OutsideSession { names: outside })
    }
}
