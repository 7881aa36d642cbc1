//! `request_secrets`: asks the person, and shows them the link in their client where the client can (elicitation in URL
//! mode). Only the link goes that way: it carries no authority, and who opens it has to be signed in as the one asked.
//!
//! How a client is given the link differs by revision. In 2026-07-28 the call ends unfinished, with the question in it and
//! the request's id as its state; the client asks its person and calls again with both. In 2025-11-25 the server sends the
//! question while the call goes on, and the client answers it. Either answer only says that the person agreed to open the
//! link. What became of the request the vault tells, which wakes the call that waits for it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::request::Parts;
use domain::{RequestView, SecretRequest};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientResult, ElicitRequest, ElicitRequestParams,
    ElicitResult, ElicitationAction, InputRequest, InputRequiredResult, ProtocolVersion, ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext};
use rmcp::{Peer, RoleServer, ServiceError};
use vault::{Actor, Error};

use super::answers::{Link, invitation, refusal, refused, report};
use super::arguments;
use super::sessions::SESSION_ID;
use crate::state::AppState;

/// How long a person may take to agree, and to answer after it unless the model says otherwise. Many clients give a call
/// up after 60 s, and the model would then have neither the id nor the link.
const PATIENCE: Duration = Duration::from_secs(45);

/// Under which name the question stands in an unfinished call.
const QUESTION: &str = "link";

/// One call of the tool.
pub(super) struct Asking<'a> {
    pub(super) state: &'a AppState,
    pub(super) actor: &'a Actor,
}

/// What the person said to the link in their client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Consent {
    Given,
    Refused,
    /// Put aside, not asked, or not told: the link is still to be shown.
    Open,
}

/// How the client can be given the link.
enum Way {
    /// As an unfinished result.
    Unfinished,
    /// By a request of the server's own.
    Asked(Peer<RoleServer>),
    /// Not at all: the model shows it.
    Told,
}

impl Asking<'_> {
    pub(super) async fn call(
        self,
        call: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> CallToolResponse {
        let claim = context.client_info().and_then(|client| arguments::claim(&client.name));
        let (asked, wait) = match arguments::asked(call.arguments, claim) {
            Ok(read) => read,
            Err(sentence) => return refused(sentence).into(),
        };
        let done = match call.request_state {
            // The client comes back: what it was asked for then is asked for already. The id is not trusted, and need not
            // be: only a request that this very token made is found by it.
            Some(id) => {
                let consent = call.input_responses.as_ref().and_then(|answers| answers.get(QUESTION));
                let consent = consent.map_or(Consent::Open, |answer| {
                    serde_json::from_value(answer.clone()).map_or(Consent::Open, Consent::of)
                });
                self.after(&id, consent, wait.unwrap_or(PATIENCE)).await.map(Into::into)
            }
            None => self.ask(asked, wait, Way::to(context)).await,
        };
        done.unwrap_or_else(|error| refusal(error).into())
    }

    async fn ask(&self, asked: SecretRequest, wait: Option<Duration>, way: Way) -> Result<CallToolResponse, Error> {
        let request = self.state.vault().requests().create(self.actor, asked).await?;
        match way {
            Way::Unfinished => {
                let question = InputRequest::Elicitation(self.question(&request));
                let questions = BTreeMap::from([(QUESTION.to_owned(), question)]);
                Ok(InputRequiredResult::new(Some(questions), Some(request.id)).into())
            }
            Way::Asked(peer) => Ok(self.through(&peer, request, wait.unwrap_or(PATIENCE)).await?.into()),
            // Nobody has the link yet, so that waiting would only keep it back.
            Way::Told => Ok(self.report(request, Link::ToShow).into()),
        }
    }

    /// Has the client show the link, and waits for what becomes of it.
    async fn through(
        &self,
        peer: &Peer<RoleServer>,
        request: RequestView,
        wait: Duration,
    ) -> Result<CallToolResult, Error> {
        let began = Instant::now();
        let most = PATIENCE.max(wait);
        let question = ServerRequest::ElicitRequest(self.question(&request));
        let sent = peer
            .send_cancellable_request(question, PeerRequestOptions::no_options())
            .await;
        let Ok(mut sent) = sent else {
            return Ok(self.report(request, Link::ToShow));
        };
        let consent = tokio::select! {
            answer = &mut sent.rx => answer.map_or(Consent::Open, Consent::answered),
            // Answered elsewhere meanwhile, lapsed, or not agreed to in time. Also at once when the server stops.
            now = self.look(&request.id, most) => {
                // A client that is gone need not be told.
                let _ = sent.cancel(Some("The question is out of date.".to_owned())).await;
                return Ok(self.report(now?, Link::ToShow));
            }
        };
        let left = most.saturating_sub(began.elapsed());
        self.after(&request.id, consent, wait.min(left)).await
    }

    /// What became of the request, now that the person has been shown the link or not.
    async fn after(&self, id: &str, consent: Consent, wait: Duration) -> Result<CallToolResult, Error> {
        match consent {
            Consent::Given => Ok(self.report(self.look(id, wait).await?, Link::Shown)),
            Consent::Open => Ok(self.report(self.look(id, Duration::ZERO).await?, Link::ToShow)),
            Consent::Refused => {
                // It need not wait for an answer that is known. Unless it was answered just now: then that counts.
                match self.state.vault().requests().cancel(self.actor, id).await {
                    Ok(()) | Err(Error::RequestEnded(_)) => {}
                    Err(error) => return Err(error),
                }
                Ok(self.report(self.look(id, Duration::ZERO).await?, Link::Shown))
            }
        }
    }

    async fn look(&self, id: &str, wait: Duration) -> Result<RequestView, Error> {
        self.state.vault().requests().get(self.actor, id, wait).await
    }

    pub(super) async fn status(&self, id: &str, wait: Duration) -> CallToolResult {
        match self.look(id, wait).await {
            // By now the link has been shown, one way or the other.
            Ok(request) => self.report(request, Link::Shown),
            Err(error) => refusal(error),
        }
    }

    fn report(&self, request: RequestView, link: Link) -> CallToolResult {
        let url = self.url(&request.id);
        report(request, url, link)
    }

    fn question(&self, request: &RequestView) -> ElicitRequest {
        ElicitRequest::new(ElicitRequestParams::UrlElicitationParams {
            meta: None,
            message: invitation(request),
            url: self.url(&request.id),
            elicitation_id: request.id.clone(),
        })
    }

    fn url(&self, id: &str) -> String {
        format!("{}/r/{id}", self.state.public_url())
    }
}

impl Way {
    fn to(context: &RequestContext<RoleServer>) -> Self {
        let capabilities = context.client_capabilities();
        let shows_links = capabilities
            .and_then(|can| can.elicitation)
            .is_some_and(|can| can.url.is_some());
        if !shows_links {
            return Self::Told;
        }
        let version = context.protocol_version();
        if version.is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            return Self::Unfinished;
        }
        // The answer comes by a POST of its own, which finds its way back through the session only.
        let head = context.extensions.get::<Parts>();
        if head.is_some_and(|head| head.headers.contains_key(SESSION_ID)) {
            Self::Asked(context.peer.clone())
        } else {
            Self::Told
        }
    }
}

impl Consent {
    fn of(answer: ElicitResult) -> Self {
        match answer.action {
            ElicitationAction::Accept => Self::Given,
            ElicitationAction::Decline => Self::Refused,
            _ => Self::Open,
        }
    }

    /// A client that answers with an error could not show the link.
    fn answered(answer: Result<ClientResult, ServiceError>) -> Self {
        match answer {
            Ok(ClientResult::ElicitResult(answer)) => Self::of(answer),
            _ => Self::Open,
        }
    }
}
