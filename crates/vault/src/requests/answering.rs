//! The person's answer: values, descriptions, outcomes and the record, all in one transaction.

use domain::{
    ActivityKind, Description, FieldError, FieldSecret, FieldView, Outcome, RequestStatus, RequestView, SecretName,
    SecretValue,
};
use sqlx::SqliteConnection;

use super::{Requests, record_of_stranger, view};
use crate::activity::record;
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::id::RequestId;
use crate::secrets::{NewSecret, SecretChange, Secrets, Writing, etag};
use crate::store::requests::{self, Request};
use crate::store::{activity, secrets};
use crate::throttle::Guesser;

/// The answer to one name.
#[derive(Debug)]
pub struct Answered {
    /// The name that was asked for.
    pub name: SecretName,
    /// What is to become of it.
    pub answer: Answer,
}

/// What a person answers to one name.
#[derive(Debug)]
pub enum Answer {
    /// Stores a value.
    Save {
        /// The value, kept exactly.
        value: SecretValue,
        /// What it is for; replaces an earlier description unless it is empty.
        description: Description,
        /// The `etag` of the secret that it replaces; `None`: there must be none of that name.
        replacing: Option<String>,
    },
    /// Leaves what is stored as it is; there must be something.
    Keep,
    /// Gives nothing.
    Skip,
}

impl Requests<'_> {
    /// What the field shows to the person who is asked. Somebody else learns nothing, not even that there is such a
    /// request; its owner learns of them.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`]; [`Error::NotFound`] for one that is not theirs.
    pub async fn open(&self, actor: &Actor, id: &str) -> Result<FieldView> {
        actor.require_browser()?;
        let id = RequestId::from_text(id).ok_or(Error::NotFound)?;
        let mut reader = self.0.store.read().await?;
        let request = requests::by_id(&mut reader, &self.0.key, id)
            .await?
            .ok_or(Error::NotFound)?;
        if request.user != actor.user {
            drop(reader);
            let now = self.0.clock.now();
            // Recorded as often as a guess may be made: nobody drowns what else an owner reads there.
            if let Ok(_counted) = self.0.throttle.attempt(vec![Guesser::Opening(actor.user)], now) {
                let seen = record_of_stranger(&request, &actor.origin, now);
                self.0.recorder.record(seen, None).await?;
            }
            return Err(Error::NotFound);
        }
        self.field_view(&mut reader, request, actor.login.as_typed().to_owned())
            .await
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`]; [`Error::NotFound`]; [`Error::RequestEnded`]; [`Error::Invalid`] unless each name is answered
    /// once; [`Error::Taken`], [`Error::Changed`] where what is stored is no longer what the person saw; the limits of
    /// [`Secrets`](crate::Secrets). Nothing of the answer is stored then.
    pub async fn answer(&self, actor: &Actor, id: &str, answers: Vec<Answered>) -> Result<RequestView> {
        actor.require_browser()?;
        self.settle(actor, id, answers).await
    }

    /// Says no to all of it.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub async fn skip(&self, actor: &Actor, id: &str) -> Result<RequestView> {
        actor.require_browser()?;
        self.settle_by(actor, id, None).await
    }

    pub(super) async fn settle(&self, actor: &Actor, id: &str, answers: Vec<Answered>) -> Result<RequestView> {
        self.settle_by(actor, id, Some(answers)).await
    }

    /// `None` skips every name.
    pub(super) async fn settle_by(
        &self,
        actor: &Actor,
        id: &str,
        answers: Option<Vec<Answered>>,
    ) -> Result<RequestView> {
        let service = Secrets(self.0);
        let mut write = service.begin(actor).await?;
        let now = self.0.clock.now();
        let mut request = self.pending(write.connection()?, actor.user, id, now).await?;
        let answers = match answers {
            Some(answers) => in_order_of(&request, answers)?,
            None => request.secrets.iter().map(|_| Answer::Skip).collect(),
        };
        let names: Vec<SecretName> = request.secrets.iter().map(|secret| secret.name.clone()).collect();
        let mut outcomes = Vec::with_capacity(answers.len());
        for (name, answer) in names.iter().zip(answers) {
            outcomes.push(apply(&mut write, name, answer).await?);
        }
        let status = if outcomes.iter().all(|outcome| *outcome == Outcome::Skipped) {
            RequestStatus::Skipped
        } else {
            RequestStatus::Stored
        };
        let mut done = record(actor, now, kind_of(status));
        done.names = Some(request.names());
        done.detail = Some(in_words(&names, &outcomes));
        request.outcomes = Some(outcomes);
        request.end(status, now);
        let db = write.connection()?;
        requests::update(db, &self.0.key, &request).await?;
        activity::insert(db, [&done]).await?;
        write.commit().await?;
        Ok(view(request, now))
    }

    pub(super) async fn field_view(
        &self,
        db: &mut SqliteConnection,
        request: Request,
        account: String,
    ) -> Result<FieldView> {
        let mut stored = Vec::new();
        for asked in &request.secrets {
            if let Some(secret) = secrets::by_name(db, request.user, &asked.name).await? {
                stored.push(FieldSecret {
                    etag: etag(&secret),
                    name: secret.name,
                    description: secret.description,
                    changed_at: secret.changed_at,
                });
            }
        }
        Ok(FieldView {
            request: view(request, self.0.clock.now()),
            account,
            stored,
        })
    }
}

/// The answers in the order of the request's names, each answered once and nothing else.
fn in_order_of(request: &Request, answers: Vec<Answered>) -> Result<Vec<Answer>> {
    let mut given: Vec<Option<Answered>> = answers.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(request.secrets.len());
    let mut errors = Vec::new();
    for secret in &request.secrets {
        let mut fitting = given
            .iter_mut()
            .filter(|answer| answer.as_ref().is_some_and(|answer| answer.name == secret.name));
        match (fitting.next().and_then(Option::take), fitting.next()) {
            (Some(answered), None) => ordered.push(answered.answer),
            _ => {
                let message = format!(
                    "Answer for {} once: give a value, keep what is stored, or skip it.",
                    secret.name
                );
                errors.push(FieldError::new(secret.name.as_str(), "answer.missing", message));
            }
        }
    }
    if let Some(other) = given.into_iter().flatten().next() {
        let message = format!("{} was not asked for.", other.name);
        errors.push(FieldError::new(other.name.as_str(), "answer.unasked", message));
    }
    if errors.is_empty() {
        Ok(ordered)
    } else {
        Err(Error::Invalid(errors))
    }
}

async fn apply(write: &mut Writing<'_>, name: &SecretName, answer: Answer) -> Result<Outcome> {
    match answer {
        Answer::Skip => Ok(Outcome::Skipped),
        Answer::Keep => match write.find(name).await? {
            Some(_) => Ok(Outcome::Kept),
            None => {
                let message =
                    format!("{name} is no longer stored, so there is nothing to keep. Give a value, or skip it.");
                Err(Error::Invalid(vec![FieldError::new(
                    name.as_str(),
                    "answer.gone",
                    message,
                )]))
            }
        },
        Answer::Save {
            value,
            description,
            replacing: None,
        } => {
            let new = NewSecret {
                name: name.clone(),
                value,
                description,
            };
            write.create(new).await?;
            Ok(Outcome::Stored)
        }
        Answer::Save {
            value,
            description,
            replacing: Some(seen),
        } => {
            let current = write.find(name).await?.ok_or(Error::Changed)?;
            if etag(&current) != seen {
                return Err(Error::Changed);
            }
            let change = SecretChange {
                value: Some(value),
                description: Some(description).filter(|description| !description.is_empty()),
            };
            write.update(current, change).await?;
            Ok(Outcome::Stored)
        }
    }
}

fn kind_of(status: RequestStatus) -> ActivityKind {
    match status {
        RequestStatus::Skipped => ActivityKind::RequestSkipped,
        _ => ActivityKind::RequestStored,
    }
}

/// `A stored, B kept`: for the record.
fn in_words(names: &[SecretName], outcomes: &[Outcome]) -> String {
    let word = |outcome: &Outcome| match outcome {
        Outcome::Stored => "stored",
        Outcome::Kept => "kept",
        Outcome::Skipped => "skipped",
    };
    let each: Vec<String> = names
        .iter()
        .zip(outcomes)
        .map(|(name, outcome)| format!("{name} {}", word(outcome)))
        .collect();
    each.join(", ")
}
