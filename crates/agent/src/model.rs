//! A language model behind an OpenAI-compatible endpoint: `POST …/chat/completions`, streamed, with tools.
//!
//! [`Model::reply`] is one round: what is said goes out, and the whole reply comes back, its text handed on as it arrives.
//! Servers of this protocol differ in what they leave out and what they add, so answers are read leniently ([`answer`]), while
//! what they may cost is bounded: the time by [`Patience`], the size by [`limits`]. Dropping the future ends the request and its
//! connection.
//!
//! `async-openai` is the crate that comes to mind. Its streaming (0.43, own types or not) reads in a task of its own into a
//! channel without a bound, tells neither a status nor `Retry-After` of what was refused, and reads no answer that is not
//! streamed. So this is its layer below: `reqwest` for HTTP, and `sse-stream`, which the MCP server has too, for the events.

mod answer;
mod body;
mod endpoint;
mod error;
mod gather;
pub mod limits;
mod message;
mod patience;
mod refusal;
mod request;
mod tls;

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use body::Body;
pub use endpoint::{Endpoint, EndpointError};
pub use error::ModelError;
use gather::Gathered;
pub use message::{Call, Message, Reply, Tool};
pub use patience::Patience;

/// How often a server that is busy is asked again.
const AGAIN: u32 = 2;

/// A model that can be talked to. Cheap to clone.
#[derive(Clone)]
pub struct Model {
    client: reqwest::Client,
    address: Url,
    name: String,
    authorization: Option<HeaderValue>,
    patience: Patience,
}

impl Model {
    /// A model with the usual [`Patience`]. Asks nothing of the endpoint yet.
    pub fn new(endpoint: Endpoint) -> Result<Self, EndpointError> {
        Self::with(endpoint, Patience::default())
    }

    /// A model that is waited for as said.
    pub fn with(endpoint: Endpoint, patience: Patience) -> Result<Self, EndpointError> {
        let address = endpoint.address()?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(&address)?)
            // An answer that points elsewhere would take the key and the conversation there.
            .redirect(Policy::none())
            // Nor do they go through a proxy that happens to be in the environment.
            .no_proxy()
            .http1_only()
            .connect_timeout(patience.connect)
            // Shorter than servers of Python keep a connection (uvicorn: 5 s), lest one is used that they are about to close.
            .pool_idle_timeout(Duration::from_secs(4))
            .user_agent(concat!("strongroom/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| EndpointError::Tls)?;
        Ok(Self {
            client,
            address,
            authorization: endpoint.authorization()?,
            name: endpoint.model,
            patience,
        })
    }

    /// One round: sends what was said, hands on the reply's text as it comes, gives the whole.
    ///
    /// A server that is busy (429, 503) is asked again, at most twice, as it says itself or a little later each time. After
    /// the first text nothing is asked again. What `on_text` was given before an error stays given.
    pub async fn reply(
        &self,
        messages: &[Message],
        tools: &[Tool],
        on_text: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Reply, ModelError> {
        let ends = Instant::now() + self.patience.whole;
        let request = Bytes::from(request::json(&self.name, messages, tools));
        let (answer, first_by) = self.ask(request, ends).await?;
        let body = Body::new(answer, first_by, self.patience.between, ends);
        self.read(body, on_text).await
    }

    /// Asks until there is an answer that is not a refusal; and by when its first byte has to be there.
    async fn ask(&self, request: Bytes, ends: Instant) -> Result<(Response, Instant), ModelError> {
        let mut before = 0;
        loop {
            let first_by = ends.min(Instant::now() + self.patience.first);
            let answer = timeout_at(first_by, self.send(request.clone()))
                .await
                .map_err(|_| ModelError::TimedOut)??;
            if answer.status().is_success() {
                return Ok((answer, first_by));
            }
            let refusal = refusal::read(answer, self.key(), self.patience.between).await;
            let pause = match refusal {
                ModelError::RateLimited { retry_after } | ModelError::Busy { retry_after } => retry_after,
                _ => return Err(refusal),
            };
            let pause = pause.unwrap_or(self.patience.again * 2_u32.pow(before));
            if before == AGAIN || pause > self.patience.longest_pause || Instant::now() + pause > ends {
                return Err(refusal);
            }
            before += 1;
            sleep(pause).await;
        }
    }

    async fn send(&self, request: Bytes) -> Result<Response, ModelError> {
        let mut post = self
            .client
            .post(self.address.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "text/event-stream")
            .body(request);
        if let Some(authorization) = &self.authorization {
            post = post.header(AUTHORIZATION, authorization.clone());
        }
        post.send().await.map_err(ModelError::from_transport)
    }

    async fn read(&self, mut body: Body, on_text: &mut (dyn FnMut(&str) + Send)) -> Result<Reply, ModelError> {
        let mut gathered = Gathered::new(self.key());
        // Streaming was asked for, but there are servers that do not stream, some of them only where tools are given.
        if body.begins_with_json().await? {
            gathered.take(&body.whole().await?, on_text)?;
            return gathered.whole();
        }
        let mut events = body.events();
        while !gathered.ended() {
            match events.next().await {
                Some(event) => gathered.event(&event?, on_text)?,
                None => return gathered.reply(),
            }
        }
        // What comes after the end is a count of tokens and `[DONE]`. Reading it lets the connection be used again; nobody has
        // to wait long for it.
        let rest = async {
            while let Some(Ok(event)) = events.next().await {
                gathered.event(&event, on_text)?;
            }
            Ok(())
        };
        timeout(self.patience.settle, rest).await.unwrap_or(Ok(()))?;
        gathered.reply()
    }

    /// The key, to be taken out of what the server says.
    fn key(&self) -> Option<&str> {
        let authorization = self.authorization.as_ref()?.to_str().ok()?;
        authorization.strip_prefix("Bearer ")
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("model", &self.name)
            .finish_non_exhaustive()
    }
}
