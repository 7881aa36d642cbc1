//! Secret requests: an agent asks for what is missing, the person answers once, the agent learns what became of it.
//!
//! No call here takes or gives a value but those by which the person answers, in `answering` and `field`.

mod answering;
mod asking;
mod field;

use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::{ActivityKind, AskedView, Page, RequestStatus, RequestView, Scope, Timestamp};
use tokio::time::Instant;

use crate::Inner;
use crate::activity::record;
use crate::actor::{Actor, Origin, Via, Who};
use crate::error::{Error, Result};
use crate::id::{ConversationId, RequestId, UserId};
use crate::store::activity::{self, NewRecord};
use crate::store::requests::{self, Asker, Request};

pub use answering::{Answer, Answered};
pub use field::{FieldSession, OpenedField, RequestPage};

/// Secret requests.
pub struct Requests<'v>(pub(crate) &'v Inner);

/// Requests that an account has waiting at most: more would bury the one that matters.
const MOST_WAITING: u32 = 20;
/// Requests that a list holds at most.
const MOST_LISTED: u32 = 100;
/// The longest that a call waits; who wants to wait longer asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Requests<'_> {
    /// What this credential asked this person for, the newest first, a hundred at most.
    ///
    /// # Errors
    /// [`Error::MissingScope`].
    pub async fn list(&self, actor: &Actor) -> Result<Page<RequestView>> {
        let asker = asker(actor)?;
        let now = self.0.clock.now();
        let mut reader = self.0.store.read().await?;
        let key = &self.0.key;
        let rows = match asker {
            Asker::Platform(_) => requests::of_user(&mut reader, key, actor.user, MOST_LISTED).await?,
            asker => requests::of_asker(&mut reader, key, actor.user, asker, MOST_LISTED).await?,
        };
        Ok(Page {
            items: rows.into_iter().map(|request| view(request, now)).collect(),
            next_cursor: None,
        })
    }

    /// One request of this credential. While it is pending, waits up to `wait` for it to end; is woken, never polls.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that another credential made, or for another person.
    pub async fn get(&self, actor: &Actor, id: &str, wait: Duration) -> Result<RequestView> {
        self.watch(actor.user, asker(actor)?, id, wait).await
    }

    /// The same, of a request that this sandbox made.
    ///
    /// # Errors
    /// The same.
    pub async fn get_for_sandbox(
        &self,
        session: &crate::SandboxSession,
        id: &str,
        wait: Duration,
    ) -> Result<RequestView> {
        let wait = wait.min(session.left(self.0.clock.now()));
        self.watch(session.user(), Asker::Sandbox(session.id()), id, wait).await
    }

    /// What waits for the person, the oldest first.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`].
    pub async fn waiting(&self, actor: &Actor) -> Result<Vec<RequestView>> {
        actor.require_browser()?;
        let now = self.0.clock.now();
        let mut reader = self.0.store.read().await?;
        let rows = requests::waiting(&mut reader, &self.0.key, actor.user, now).await?;
        Ok(rows.into_iter().map(|request| view(request, now)).collect())
    }

    /// What the agent of one of the person's conversations asked for, the newest first, a hundred at most.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`].
    pub async fn asked_in(&self, actor: &Actor, conversation: &str) -> Result<Vec<RequestView>> {
        actor.require_browser()?;
        let id = ConversationId::from_text(conversation).ok_or(Error::NotFound)?;
        let now = self.0.clock.now();
        let mut reader = self.0.store.read().await?;
        let asker = Asker::Conversation(id);
        let rows = requests::of_asker(&mut reader, &self.0.key, actor.user, asker, MOST_LISTED).await?;
        Ok(rows.into_iter().map(|request| view(request, now)).collect())
    }

    /// Takes a request back.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::RequestEnded`] for one that is no longer pending.
    pub async fn cancel(&self, actor: &Actor, id: &str) -> Result<()> {
        let asker = asker(actor)?;
        let now = self.0.clock.now();
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let mut request = self.pending(db, actor.user, id, now).await?;
        if !request.is_of(asker) {
            return Err(Error::NotFound);
        }
        request.end(RequestStatus::Cancelled, now);
        requests::update(db, &self.0.key, &request).await?;
        let mut done = record(actor, now, ActivityKind::RequestCancelled);
        done.names = Some(request.names());
        activity::insert(db, [&done]).await?;
        transaction.touch(actor.user);
        transaction.commit().await
    }

    async fn watch(&self, user: UserId, asker: Asker, id: &str, wait: Duration) -> Result<RequestView> {
        let id = RequestId::from_text(id).ok_or(Error::NotFound)?;
        let generations = self.0.store.generations();
        let deadline = Instant::now() + wait.min(LONGEST_WAIT);
        loop {
            let seen = generations.current(user);
            let found = {
                let mut reader = self.0.store.read().await?;
                requests::by_id(&mut reader, &self.0.key, id).await?
            };
            let request = found
                .filter(|request| request.user == user && request.is_of(asker))
                .ok_or(Error::NotFound)?;
            let now = self.0.clock.now();
            let over = Instant::now() >= deadline || self.0.stopping.load(Ordering::Acquire);
            if over || request.status_at(now) != RequestStatus::Pending {
                return Ok(view(request, now));
            }
            let until = deadline.min(Instant::now() + between(now, request.expires_at));
            let _over = tokio::time::timeout_at(until, generations.changed(user, seen)).await;
        }
    }

    /// A user's request that can still be answered.
    async fn pending(
        &self,
        db: &mut sqlx::SqliteConnection,
        user: UserId,
        id: &str,
        now: Timestamp,
    ) -> Result<Request> {
        let id = RequestId::from_text(id).ok_or(Error::NotFound)?;
        let request = requests::by_id(db, &self.0.key, id)
            .await?
            .filter(|request| request.user == user)
            .ok_or(Error::NotFound)?;
        match request.status_at(now) {
            RequestStatus::Pending => Ok(request),
            status => Err(Error::RequestEnded(status)),
        }
    }
}

impl Request {
    /// Whether that credential, which acts for the request's person, made it. A platform also stands for what the sandboxes of
    /// its users ask for: nobody else could show it to them.
    fn is_of(&self, asker: Asker) -> bool {
        self.asker == asker || matches!((asker, self.asker), (Asker::Platform(_), Asker::Sandbox(_)))
    }

    /// How it stands at that time: one that nobody answered has lapsed, whether that is written down yet or not.
    pub(crate) fn status_at(&self, now: Timestamp) -> RequestStatus {
        match self.status {
            RequestStatus::Pending if self.expires_at <= now => RequestStatus::Expired,
            status => status,
        }
    }

    /// Ends it. The field token can do no more from then on, but to learn of the end.
    fn end(&mut self, status: RequestStatus, now: Timestamp) {
        self.status = status;
        self.ended_at = Some(now);
    }
}

/// As which asker a credential asks. People in browsers answer requests; they make none.
fn asker(actor: &Actor) -> Result<Asker> {
    actor.require(Scope::RequestsWrite)?;
    match actor.via {
        Via::Token { id, .. } => Ok(Asker::Token(id)),
        Via::Platform { id, .. } => Ok(Asker::Platform(id)),
        Via::Chat { conversation, .. } => Ok(Asker::Conversation(conversation)),
        Via::Browser { .. } | Via::Operator | Via::Field { .. } => Err(Error::MissingScope(Scope::RequestsWrite)),
    }
}

/// A request that time has ended, for its owner to read.
pub(crate) fn record_of_lapse(lapsed: requests::Lapsed) -> NewRecord {
    NewRecord {
        user: lapsed.user,
        at: lapsed.at,
        kind: ActivityKind::RequestExpired,
        actor: Who::CLOCK.to_owned(),
        sandbox: None,
        names: Some(lapsed.names),
        name_set: None,
        address: None,
        detail: Some(format!("asked for by {}", lapsed.asked_by)),
    }
}

/// Somebody opened a request that is not theirs: told to its owner, and to nobody else.
fn record_of_stranger(request: &Request, from: &Origin, at: Timestamp) -> NewRecord {
    NewRecord {
        user: request.user,
        at,
        kind: ActivityKind::RequestRefused,
        actor: Who::STRANGER.to_owned(),
        sandbox: None,
        names: Some(request.names()),
        name_set: None,
        address: from.address_text(),
        detail: Some("opened by another account".to_owned()),
    }
}

pub(crate) fn view(request: Request, now: Timestamp) -> RequestView {
    let status = request.status_at(now);
    let mut outcomes = request.outcomes.unwrap_or_default().into_iter();
    RequestView {
        id: request.id.to_string(),
        status,
        secrets: request
            .secrets
            .into_iter()
            .map(|secret| AskedView {
                name: secret.name,
                description: secret.description.into(),
                obtain_url: secret.obtain_url,
                outcome: outcomes.next(),
            })
            .collect(),
        reason: request.reason,
        requested_by: request.requested_by,
        asked_by: request.asked_by,
        created_at: request.created_at,
        expires_at: request.expires_at,
        ended_at: match status {
            RequestStatus::Expired => Some(request.expires_at),
            _ => request.ended_at,
        },
    }
}

/// How long from one time to another; nothing if that is over.
fn between(now: Timestamp, then: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(then.0 - now.0).unwrap_or(0))
}
