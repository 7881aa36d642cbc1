//! A client that adds nothing of its own: every header, `Host` included, is what the test says.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Frame;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A request that is being put together.
pub(crate) struct Call {
    address: SocketAddr,
    method: String,
    path: String,
    headers: HeaderMap,
    body: Body,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Call {
    pub(crate) fn new(address: SocketAddr, method: &str, path: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, address.to_string().parse().unwrap());
        Self {
            address,
            method: method.to_owned(),
            path: path.to_owned(),
            headers,
            body: Body::empty(),
        }
    }

    /// Sets a header, in place of what was there.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers
            .insert(HeaderName::from_static(name), value.parse().unwrap());
        self
    }

    /// One more header of that name.
    pub(crate) fn also(mut self, name: &'static str, value: &str) -> Self {
        self.headers
            .append(HeaderName::from_static(name), value.parse().unwrap());
        self
    }

    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.headers.remove(name);
        self
    }

    pub(crate) fn bearer(mut self, token: &str) -> Self {
        self.headers
            .insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        self
    }

    pub(crate) fn cookie(mut self, session: &str) -> Self {
        self.headers
            .insert(COOKIE, format!("__Host-strongroom={session}").parse().unwrap());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    pub(crate) fn form(self, body: &str) -> Self {
        self.bytes("application/x-www-form-urlencoded", body.to_owned())
    }

    pub(crate) fn bytes(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = Body::new(Full::new(body.into()));
        self
    }

    /// A JSON body without an announced length, in pieces.
    pub(crate) fn json_in_pieces(mut self, pieces: Vec<Vec<u8>>) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = Body::new(Pieces(pieces.into()));
        self
    }

    /// Sends it over a connection of its own.
    pub(crate) async fn send(self) -> Answer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(self.path.as_str())
            .body(self.body)
            .unwrap();
        *request.headers_mut() = self.headers;
        let response = sender.send_request(request).await.expect("the server answers");
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("the answer is whole").to_bytes().to_vec();
        drop(sender);
        connection.abort();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        }
    }
}

/// A body whose length is not known beforehand.
struct Pieces(VecDeque<Vec<u8>>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece.into()))))
    }
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
            .to_str()
            .unwrap()
    }

    /// Asserts a problem document of that status and kind, and gives it.
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/problems/{kind}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_empty() && !problem["detail"].as_str().unwrap().is_empty());
        problem
    }

    /// Asserts 422 with an error of that field and rule.
    pub(crate) fn invalid(&self, field: &str, rule: &str) {
        let problem = self.problem(422, "invalid");
        let errors = problem["errors"].as_array().unwrap();
        let found = errors
            .iter()
            .any(|error| error["field"] == field && error["rule"] == rule);
        assert!(found, "{field}: {rule} is not in {problem}");
    }

    /// What must be the same in two answers for nobody to tell them apart.
    pub(crate) fn comparable(&self) -> (u16, Vec<(String, String)>, String) {
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| !["date", "x-request-id", "content-security-policy"].contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        (self.status, headers, self.text().to_owned())
    }
}
