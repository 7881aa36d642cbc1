//! The HTTP interface of a Strongroom server, as far as this program uses it.

mod error;
mod link;
mod problem;
mod requests;
mod resolver;
mod sandboxes;
mod secrets;
mod transport;

use std::time::Duration;

pub(crate) use error::ApiError;
pub(crate) use link::Link;
pub(crate) use requests::{MadeRequest, RequestHint};
pub(crate) use sandboxes::{EnvironmentQuery, NewSandbox};
pub(crate) use secrets::NewSecret;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use ureq::http::{Method, Request, Response};
use ureq::{Agent, AsSendBody};
use zeroize::Zeroizing;

use crate::config::{Connection, TokenSource};
use crate::failure::Failure;
use crate::server_url::ServerUrl;
use crate::token::Token;
use problem::Problem;

/// How long the server may take to begin its answer to an ordinary call.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest answer that is read: a megabyte of values, each byte of which JSON may write as six, and some room.
const MAX_ANSWER_BYTES: u64 = 8 * 1024 * 1024;

/// Speaks to one server with one token, over connections that are kept open between calls.
///
/// Cloning is cheap and shares the connections.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    server: ServerUrl,
    token: Token,
    token_source: TokenSource,
}

/// One call: what, where, with which body, and how long it may take.
struct Call<'a> {
    method: Method,
    path: &'a str,
    json: Option<&'a [u8]>,
    /// Until the answer begins.
    patience: Duration,
    /// For the whole of it, connecting included.
    at_most: Option<Duration>,
}

impl<'a> Call<'a> {
    fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            json: None,
            patience: PATIENCE,
            at_most: None,
        }
    }

    fn json(mut self, body: &'a [u8]) -> Self {
        self.json = Some(body);
        self
    }

    fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    fn at_most(mut self, duration: Duration) -> Self {
        self.at_most = Some(duration);
        self
    }
}

impl Client {
    /// A client for that server. Connects when it is first used.
    pub(crate) fn new(connection: Connection) -> Result<Self, Failure> {
        let agent = transport::agent(&connection.server, connection.ca_file.as_deref())?;
        let Connection {
            server,
            token,
            token_source,
            ..
        } = connection;
        Ok(Self {
            agent,
            server,
            token,
            token_source,
        })
    }

    /// The same server and connections, with the token of a session that this program has opened.
    pub(crate) fn in_session(&self, token: Token) -> Self {
        Self {
            token,
            token_source: TokenSource::Session,
            ..self.clone()
        }
    }

    /// The server it speaks to.
    pub(crate) fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Makes the call and returns the body of a 2xx answer. The body is wiped when dropped, since it may hold values.
    fn send(&self, call: &Call<'_>) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let response = self
            .exchange(call)
            .map_err(|error| transport::explain(&self.server, &error))?;
        let status = response.status();
        if status.is_redirection() {
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            return Err(ApiError::redirected(&self.server, location));
        }
        let body = read(response).map_err(|error| transport::explain(&self.server, &error))?;
        if status.is_success() {
            return Ok(body);
        }
        match Problem::read(&body) {
            Some(problem) => Err(ApiError::Refused {
                status: status.as_u16(),
                problem: Box::new(problem),
                token_source: self.token_source,
            }),
            None => Err(ApiError::NotStrongroom {
                origin: self.server.origin().to_owned(),
                status: status.as_u16(),
            }),
        }
    }

    fn exchange(&self, call: &Call<'_>) -> Result<Response<ureq::Body>, ureq::Error> {
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", self.token.expose())).map_err(|_| {
            // `Token` holds visible ASCII only, so this cannot happen; were it to, the token must not be in the message.
            ureq::Error::Other("the token cannot stand in a header".into())
        })?;
        bearer.set_sensitive(true);
        let request = Request::builder()
            .method(call.method.clone())
            .uri(format!("{}{}", self.server.origin(), call.path))
            .header(ACCEPT, "application/json, application/problem+json, text/plain")
            .header(AUTHORIZATION, bearer);
        match call.json {
            Some(body) => self.run(request.header(CONTENT_TYPE, "application/json").body(body)?, call),
            None => self.run(request.body(())?, call),
        }
    }

    fn run<Body: AsSendBody>(
        &self,
        request: Request<Body>,
        call: &Call<'_>,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let request = self.agent.configure_request(request);
        let request = request
            .timeout_recv_response(Some(call.patience))
            .timeout_global(call.at_most);
        self.agent.run(request.build())
    }

    /// The answer was a success, but is not what a Strongroom server of this version sends.
    fn not_understood(&self) -> ApiError {
        ApiError::NotUnderstood {
            origin: self.server.origin().to_owned(),
        }
    }
}

/// Whether the server's name for something can stand in a path as it is.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn read(mut response: Response<ureq::Body>) -> Result<Zeroizing<Vec<u8>>, ureq::Error> {
    response
        .body_mut()
        .with_config()
        .limit(MAX_ANSWER_BYTES)
        .read_to_vec()
        .map(Zeroizing::new)
}
