//! Connections, from being accepted to being closed. HTTP/1.1; what speaks HTTP/2 is the proxy that does TLS.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tower::Service;

use crate::middleware::PeerAddress;

/// How long a client may take over the head of a request, and how long a connection may lie idle between two.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// The longest head of a request.
const HEAD_BYTES: usize = 64 * 1024;
/// How long to wait when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(100);
/// When stopping: for how long every answer says that its connection closes, before idle connections are closed. A
/// client that is about to send its next request over one would otherwise find it shut.
const LAST_CALL: Duration = Duration::from_millis(300);
/// When stopping: how long to look for connections that the system has taken on our behalf.
const STRAGGLERS: Duration = Duration::from_millis(20);

/// The listener and all its connections.
pub(super) struct Listening {
    stopping: Arc<AtomicBool>,
    stop: oneshot::Sender<()>,
    accepting: JoinHandle<GracefulShutdown>,
}

/// Connections that are still there, with nobody accepting more.
pub(super) struct Remaining(GracefulShutdown);

/// What each connection needs.
#[derive(Clone)]
struct Handling {
    router: Router,
    stopping: Arc<AtomicBool>,
}

impl Listening {
    /// Accepts until told otherwise.
    pub(super) fn start(listener: TcpListener, router: Router) -> Self {
        let stopping = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = oneshot::channel();
        let handling = Handling {
            router,
            stopping: Arc::clone(&stopping),
        };
        Self {
            stopping,
            stop,
            accepting: tokio::spawn(accept(listener, handling, stopped)),
        }
    }

    /// Takes no more connections; from now on each answer says that its connection closes.
    pub(super) async fn close(self) -> Remaining {
        self.stopping.store(true, Ordering::Release);
        // Fails only if the task is gone already, and then there is nothing to tell it.
        let _ = self.stop.send(());
        Remaining(self.accepting.await.unwrap_or_default())
    }
}

impl Remaining {
    /// Lets every request that has begun be answered, closes what is idle, and gives up after `limit`.
    pub(super) async fn finish(self, limit: Duration) {
        let deadline = Instant::now() + limit;
        if self.0.count() > 0 {
            sleep(LAST_CALL).await;
        }
        let count = self.0.count();
        if timeout_at(deadline, self.0.shutdown()).await.is_err() {
            tracing::warn!(
                connections = count,
                "Some requests did not end in time and were cut off"
            );
        }
    }
}

async fn accept(listener: TcpListener, handling: Handling, mut stopped: oneshot::Receiver<()>) -> GracefulShutdown {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => handling.take(stream, peer, graceful.watcher()),
                Err(error) => {
                    tracing::warn!(error = %error, "A connection could not be accepted");
                    sleep(NO_ROOM).await;
                }
            },
            _ = &mut stopped => break,
        }
    }
    while let Ok(Ok((stream, peer))) = timeout(STRAGGLERS, listener.accept()).await {
        handling.take(stream, peer, graceful.watcher());
    }
    graceful
}

impl Handling {
    /// Serves one connection in a task of its own.
    fn take(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        // Answers are written whole; waiting to fill a packet would only delay them. Refused by no live socket.
        let _ = stream.set_nodelay(true);
        let handling = self.clone();
        let service = service_fn(move |request| handling.clone().answer(request, peer));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            if let Err(error) = watcher.watch(connection).await {
                // Clients go away in the middle of things; that is theirs to know.
                tracing::debug!(error = %error, "A connection ended early");
            }
        });
    }

    async fn answer(mut self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response<Body>, Infallible> {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(PeerAddress(peer.ip()));
        let mut response = self.router.call(request).await?;
        if self.stopping.load(Ordering::Acquire) {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }
}
