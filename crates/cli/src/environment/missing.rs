//! What an environment lacks, and the request that the server made for it.

use std::time::Duration;

use domain::{Outcome, RequestStatus};

use super::listed;
use crate::api::{ApiError, Client, RequestHint};
use crate::failure::Failure;
use crate::requests::refusal;
use crate::waiting::whole_seconds;

/// Required secrets that are not stored.
pub(super) struct Missing {
    names: Vec<String>,
    request: Option<RequestHint>,
}

impl Missing {
    /// What the refusal is about, if it is about this.
    pub(super) fn in_refusal(error: &ApiError) -> Option<Self> {
        error.refused_with(424).map(|problem| Self {
            names: problem.missing.clone(),
            request: problem.request.clone(),
        })
    }

    /// Whether a person who was told the other has nothing new to learn.
    pub(super) fn is_as_told(&self, other: &Self) -> bool {
        self.names == other.names && self.id() == other.id()
    }

    /// Fails once it is known that they will not be given.
    pub(super) fn refused(&self, client: &Client, before: Option<&Self>) -> Result<(), Failure> {
        if let Some(why) = self.request.as_ref().and_then(|hint| refusal(hint.status, &self.names)) {
            return Err(Failure::new(why));
        }
        let Some(answered) = self.answered(before) else {
            return Ok(());
        };
        // Without an answer to this the wait goes on, and ends at the latest when its time is up.
        let Ok(made) = client.request(answered, Duration::ZERO) else {
            return Ok(());
        };
        let skipped: Vec<&str> = made
            .view
            .secrets
            .iter()
            .filter(|secret| secret.outcome == Some(Outcome::Skipped))
            .map(|secret| secret.name.as_str())
            .filter(|name| self.names.iter().any(|missing| missing == name))
            .collect();
        let why = if skipped.is_empty() && made.view.status == RequestStatus::Cancelled {
            refusal(RequestStatus::Cancelled, &self.names)
        } else if skipped.is_empty() {
            None
        } else {
            refusal(RequestStatus::Skipped, &skipped)
        };
        why.map_or(Ok(()), |why| Err(Failure::new(why)))
    }

    /// The request that is over although names are missing: they may have been skipped, while others were given.
    fn answered<'a>(&'a self, before: Option<&'a Self>) -> Option<&'a str> {
        match &self.request {
            Some(hint) if hint.status == RequestStatus::Stored => Some(&hint.id),
            // The server has made another one.
            Some(hint) => before.and_then(Self::id).filter(|earlier| *earlier != hint.id),
            None => None,
        }
    }

    pub(super) fn waiting_for(&self, client: &Client, left: Duration) -> String {
        format!(
            "waiting up to {} s for {}: {}",
            whole_seconds(left).as_secs(),
            listed(&self.names),
            self.what_to_do(client),
        )
    }

    pub(super) fn not_stored_yet(&self, client: &Client) -> Failure {
        Failure::new(format!(
            "not stored yet: {}. To go on, {} and run this again (--wait SECONDS waits for it)",
            listed(&self.names),
            self.what_to_do(client),
        ))
    }

    fn what_to_do(&self, client: &Client) -> String {
        let it = if self.names.len() == 1 { "it" } else { "them" };
        match &self.request {
            Some(RequestHint { url: Some(link), .. }) => format!("give {it} at {link}"),
            // An app that keeps its users' secrets here, and shows requests itself.
            Some(_) => format!("give {it} where your app shows the request"),
            None => format!("add {it} at {}/secrets", client.server().origin()),
        }
    }

    fn id(&self) -> Option<&str> {
        self.request.as_ref().map(|hint| hint.id.as_str())
    }
}
