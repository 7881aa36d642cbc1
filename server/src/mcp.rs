//! `/mcp`: the Model Context Protocol, for agents whose client speaks it (streamable HTTP, by the official SDK).
//!
//! A model learns names and can have its person asked; no message here has room for a value, in either direction.
//!
//! **Who calls** is settled here and not by the SDK: each request brings its own API token, and one that could reach values
//! is refused, since it would lie in the configuration of a model's client. What the SDK gets is the request with the
//! [`Actor`] in place of the token.
//!
//! **Sessions.** Revision 2026-07-28 has none: each request says which client it is and what that can do, and a question to
//! the person is an unfinished result that the client comes back with. Up to 2025-11-25 both are said once, in `initialize`,
//! and the question is a request from the server that the client answers by a POST of its own. Nothing but a session ties
//! these together, so the earlier revisions get one, bound to the token that opened it (`sessions`). What was asked for is
//! never kept in a session: it is the vault's, found by the request's id, whichever revision asks and whenever.
//!
//! **No standing stream.** There is no GET, as the protocol allows: this server has nothing to say unasked, and a stream
//! would outlive the revocation of its token and hold up the server's stop. For the same reason no call lasts longer than
//! a minute.

mod answers;
mod arguments;
mod asking;
mod definitions;
mod sessions;
mod tools;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::post;
use domain::{Scope, Scopes};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use vault::{Actor, AuthFailure};

use crate::extract::ApiCaller;
use crate::middleware::body_limit;
use crate::problem::{Kind, Problem};
use crate::state::AppState;
use sessions::{Holder, SESSION_ID, Sessions};
use tools::Tools;

/// The longest body: ten secrets with their texts, escaped, and what the protocol puts around them.
const BODY: usize = 128 * 1024;

struct Endpoint {
    state: AppState,
    service: StreamableHttpService<Tools, LocalSessionManager>,
    sessions: Sessions,
}

/// The endpoint's route. Its sessions end when the router is dropped.
pub(crate) fn router(state: &AppState) -> Router {
    Router::new()
        .route(
            "/mcp",
            post(handle)
                .delete(handle)
                .layer(from_fn_with_state(BODY, body_limit::limit)),
        )
        .with_state(Arc::new(Endpoint::new(state)))
}

impl Endpoint {
    fn new(state: &AppState) -> Self {
        let sessions = Sessions::new();
        let config = StreamableHttpServerConfig::default()
            // The whole server checks Host and Origin already, by the names that its operator gave it. The SDK's own list
            // knows loopback names only and would refuse every public one.
            .disable_allowed_hosts()
            .disable_allowed_origins()
            // A hint to come back for a cut stream; there is none to come back to.
            .with_sse_retry(None)
            .with_json_response(true)
            .with_max_request_body_bytes(BODY);
        let tools = Tools::new(state);
        let service = StreamableHttpService::new(move || Ok(tools.clone()), sessions.manager(), config);
        Self {
            state: state.clone(),
            service,
            sessions,
        }
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.service.config.cancellation_token.cancel();
    }
}

async fn handle(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let ApiCaller(actor) = ApiCaller::from_request_parts(&mut parts, &endpoint.state).await?;
    refuse_wide(&actor)?;
    let holder = Holder::of(actor.user_id(), &parts.headers);
    if let Some(session) = parts.headers.get(SESSION_ID) {
        endpoint.sessions.check(session, &holder)?;
    }
    // The SDK keeps the head of the request beside the message: not with the token in it.
    parts.headers.remove(AUTHORIZATION);
    parts.extensions.insert(actor);
    let begins = !parts.headers.contains_key(SESSION_ID);
    let ends = parts.method == Method::DELETE;
    let request = Request::from_parts(parts, body);
    let mut response = match begins {
        // In a task of its own: a client that hangs up meanwhile leaves no session that nobody counts.
        true => tokio::spawn(hand_on(Arc::clone(&endpoint), request, holder))
            .await
            .map_err(|_| Problem::internal("a session could not be begun"))?,
        false => hand_on(Arc::clone(&endpoint), request, holder).await,
    };
    // The SDK lets streams be stored as long as they are asked after. Nothing here may be stored at all.
    response.headers_mut().remove(CACHE_CONTROL);
    if ends && response.status() == StatusCode::ACCEPTED {
        // It has ended. Some clients take "accepted" for a failure.
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    in_our_words(response)
}

/// To the SDK; notes whose a session is that it answers with.
async fn hand_on(endpoint: Arc<Endpoint>, request: Request, holder: Holder) -> Response {
    let response = endpoint.service.handle(request).await;
    if let Some(session) = response.headers().get(SESSION_ID) {
        endpoint.sessions.bind(session, holder).await;
    }
    response.map(Body::new)
}

/// What reaches values has no place in a model's client, even if its person trusts the model today.
fn refuse_wide(actor: &Actor) -> Result<(), Problem> {
    let scopes = actor.scopes().ok_or(AuthFailure::WrongKind)?;
    let beyond = |scope: &Scope| !Scopes::FOR_AGENTS.contains(*scope);
    let Some(scope) = scopes.iter().find(beyond) else {
        return Ok(());
    };
    Err(Problem::new(
        Kind::FORBIDDEN,
        format!(
            "This token has the scope {scope}: it {}. That has no place in the configuration of a model's client, so it is \
             refused here. Make a token with no more than `{}`, under Settings, and use that.",
            scope.plain_words(),
            Scopes::FOR_AGENTS
        ),
    ))
}

/// The SDK refuses in plain text, some of which repeats what was sent. JSON-RPC errors are for the client and stay.
fn in_our_words(response: Response) -> Result<Response, Problem> {
    let status = response.status();
    let is_json = |kind: &[u8]| kind.starts_with(b"application/json");
    let for_client = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| is_json(kind.as_bytes()));
    if for_client || !(status.is_client_error() || status.is_server_error()) {
        return Ok(response);
    }
    Err(match status {
        StatusCode::NOT_FOUND => sessions::unknown(),
        StatusCode::NOT_ACCEPTABLE => Problem::new(
            Kind::BAD_REQUEST,
            "Send `Accept: application/json, text/event-stream`: an answer can be either.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(
            Kind::MEDIA_TYPE,
            "Send one JSON-RPC message of the Model Context Protocol, with `Content-Type: application/json`.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Kind::TOO_LARGE, "The message is longer than this endpoint takes.")
        }
        status if status.is_client_error() => Problem::new(
            Kind::BAD_REQUEST,
            "Begin with `initialize` and send the `Mcp-Session-Id` of its answer along; or, from revision 2026-07-28 on, \
             the protocol's version in each request and in its header. The version has to be one that is known here.",
        ),
        _ => Problem::internal("the MCP transport failed"),
    })
}
