//! What a server answers, as it comes: within the time and the size that are allowed.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use reqwest::Response;
use sse_stream::{Sse, SseByteStream};
use tokio::time::{Instant, timeout_at};

use super::{ModelError, limits};

pub(super) struct Body {
    answer: Response,
    /// By when the first piece has to be there; later ones by `between`.
    first_by: Option<Instant>,
    between: Duration,
    ends: Instant,
    /// Read already, to see what it is.
    ahead: Vec<Bytes>,
    taken: usize,
    /// Bytes since the last event: the parser knows no bound.
    of_event: Arc<AtomicUsize>,
}

pub(super) type Events = Pin<Box<dyn Stream<Item = Result<Sse, ModelError>> + Send>>;

impl Body {
    pub(super) fn new(answer: Response, first_by: Instant, between: Duration, ends: Instant) -> Self {
        Self {
            answer,
            first_by: Some(first_by),
            between,
            ends,
            ahead: Vec::new(),
            taken: 0,
            of_event: Arc::default(),
        }
    }

    /// Whether it is one JSON document, which events never begin like. Its declared type is not asked: servers err there.
    pub(super) async fn begins_with_json(&mut self) -> Result<bool, ModelError> {
        loop {
            let Some(bytes) = self.receive().await? else {
                return Ok(false);
            };
            let first = bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace());
            self.ahead.push(bytes);
            match first {
                Some(b'<') => return Err(ModelError::Nonsense),
                Some(first) => return Ok(first == b'{'),
                None => {}
            }
        }
    }

    /// All of it, as one text.
    pub(super) async fn whole(mut self) -> Result<String, ModelError> {
        let mut whole = std::mem::take(&mut self.ahead).concat();
        while let Some(bytes) = self.receive().await? {
            whole.extend_from_slice(&bytes);
        }
        String::from_utf8(whole).map_err(|_| ModelError::Nonsense)
    }

    /// The server-sent events in it.
    pub(super) fn events(mut self) -> Events {
        let of_event = Arc::clone(&self.of_event);
        let ahead = stream::iter(std::mem::take(&mut self.ahead)).map(Ok);
        let rest = stream::try_unfold(self, |mut body| async move {
            let received = body.receive().await?;
            Ok::<_, ModelError>(received.map(|bytes| (bytes, body)))
        });
        let events = SseByteStream::new(Box::pin(ahead.chain(rest)));
        Box::pin(events.map(move |event| {
            of_event.store(0, Ordering::Relaxed);
            event.map_err(|error| match error {
                sse_stream::Error::Body(cause) => match cause.downcast::<ModelError>() {
                    Ok(error) => *error,
                    Err(_) => ModelError::CutOff,
                },
                _ => ModelError::Nonsense,
            })
        }))
    }

    async fn receive(&mut self) -> Result<Option<Bytes>, ModelError> {
        let by = self.first_by.take().unwrap_or_else(|| Instant::now() + self.between);
        let received = timeout_at(by.min(self.ends), self.answer.chunk()).await;
        let bytes = match received {
            Err(_) => return Err(ModelError::TimedOut),
            Ok(Err(_)) => return Err(ModelError::CutOff),
            Ok(Ok(None)) => return Ok(None),
            Ok(Ok(Some(bytes))) => bytes,
        };
        self.taken += bytes.len();
        let of_event = self.of_event.fetch_add(bytes.len(), Ordering::Relaxed) + bytes.len();
        if self.taken > limits::ANSWER || of_event > limits::EVENT {
            return Err(ModelError::TooLong);
        }
        Ok(Some(bytes))
    }
}
