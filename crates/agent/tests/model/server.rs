//! A model's server that answers what the test has written down, in the pieces it has written down.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What is sent of an answer's body, each piece as a chunk of its own.
pub(crate) enum Piece {
    Bytes(Vec<u8>),
    /// The next piece only comes when the test says so.
    When(oneshot::Receiver<()>),
    /// Nothing more comes, and the connection stays open.
    Silence,
    /// The same comment again and again, without end.
    Comments,
    /// The connection breaks.
    Break,
}

pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    pieces: Vec<Piece>,
    /// Told when the answer is over, or nobody takes it any more.
    over: Option<oneshot::Sender<()>>,
}

impl Answer {
    /// Events, in one piece.
    pub(crate) fn events(text: &str) -> Self {
        Self::pieces(vec![Piece::Bytes(text.into())])
    }

    pub(crate) fn pieces(pieces: Vec<Piece>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "text/event-stream".to_owned())],
            pieces,
            over: None,
        }
    }

    /// A document, such as refusals and servers without streaming give.
    pub(crate) fn document(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            pieces: vec![Piece::Bytes(body.into().into_bytes())],
            over: None,
        }
    }

    /// A status without success, and a body in pieces.
    pub(crate) fn refusing(status: u16, pieces: Vec<Piece>) -> Self {
        Self {
            status,
            ..Self::pieces(pieces)
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(there, _)| *there != name);
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn telling(mut self, over: oneshot::Sender<()>) -> Self {
        self.over = Some(over);
        self
    }
}

/// What was asked.
pub(crate) struct Asked {
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

#[derive(Default)]
struct Script {
    answers: Mutex<Vec<Answer>>,
    asked: Mutex<Vec<Asked>>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    script: Arc<Script>,
    task: JoinHandle<()>,
}

impl Server {
    /// A server that gives these answers, one a request.
    pub(crate) async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        let script = Arc::new(Script {
            answers: Mutex::new(answers),
            asked: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&script));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, script, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Everything asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.script.asked.lock().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Tells when it is dropped.
struct Over(Option<oneshot::Sender<()>>);

impl Drop for Over {
    fn drop(&mut self) {
        if let Some(over) = self.0.take() {
            let _ = over.send(());
        }
    }
}

async fn answer(State(script): State<Arc<Script>>, request: Request) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 16 << 20).await.unwrap();
    script.asked.lock().unwrap().push(Asked {
        uri: parts.uri.to_string(),
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap(),
    });
    let Some(answer) = script.answers.lock().unwrap().pop() else {
        return Ok(Response::builder().status(418).body(Body::empty()).unwrap());
    };
    let over = Over(answer.over);
    let body = stream::iter(answer.pieces).flat_map(move |piece| {
        let _ = &over;
        bytes(piece)
    });
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    Ok(response.body(Body::from_stream(body)).unwrap())
}

fn bytes(piece: Piece) -> stream::BoxStream<'static, io::Result<Bytes>> {
    match piece {
        Piece::Bytes(bytes) => stream::iter([Ok(Bytes::from(bytes))]).boxed(),
        Piece::When(told) => stream::once(told).filter_map(|_| async { None }).boxed(),
        Piece::Silence => stream::once(pending()).boxed(),
        Piece::Comments => stream::repeat_with(|| Ok(Bytes::from_static(b": still thinking\n\n")))
            .then(|comment| async {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                comment
            })
            .boxed(),
        // Not at once: hyper drops what it has not sent yet.
        Piece::Break => stream::once(async {
            tokio::task::yield_now().await;
            Err(io::Error::other("broken"))
        })
        .boxed(),
    }
}
