//! What the code prints, redacted before anybody sees it.

use std::io;
use std::process::{ChildStderr, ChildStdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use redact::{PATIENCE, Patterns};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::mpsc;

use crate::{Event, Stream};

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;

/// Where what is printed goes, and how much of it there may be.
pub(super) struct Printed<'a> {
    pub(super) patterns: &'a Arc<Patterns>,
    pub(super) most: usize,
    pub(super) events: &'a mpsc::Sender<Event>,
}

impl Printed<'_> {
    /// Passes on both streams until both have ended. Says whether they stayed within the limit; at it, it stops.
    pub(super) async fn pump(&self, stdout: Option<ChildStdout>, stderr: Option<ChildStderr>) -> io::Result<bool> {
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
            return Ok(true);
        };
        let stdout = tokio::process::ChildStdout::from_std(stdout)?;
        let stderr = tokio::process::ChildStderr::from_std(stderr)?;
        let so_far = AtomicUsize::new(0);
        let out = self.one(stdout, Stream::Stdout, &so_far);
        let err = self.one(stderr, Stream::Stderr, &so_far);
        tokio::pin!(out, err);
        tokio::select! {
            within = &mut out => Ok(within? && err.await?),
            within = &mut err => Ok(within? && out.await?),
        }
    }

    async fn one(&self, mut from: impl AsyncRead + Unpin, stream: Stream, so_far: &AtomicUsize) -> io::Result<bool> {
        let mut redactor = redact::Stream::new(Arc::clone(self.patterns));
        let mut text = Text::default();
        let mut chunk = vec![0; CHUNK];
        let mut clean = Vec::new();
        loop {
            let read = if redactor.can_release() {
                match tokio::time::timeout(PATIENCE, from.read(&mut chunk)).await {
                    Ok(read) => read?,
                    Err(_silence) => {
                        redactor.release(&mut clean);
                        self.tell(stream, text.take(&mut clean)).await;
                        continue;
                    }
                }
            } else {
                from.read(&mut chunk).await?
            };
            let Some(printed) = chunk.get(..read).filter(|printed| !printed.is_empty()) else {
                break;
            };
            if so_far.fetch_add(read, Ordering::Relaxed) + read > self.most {
                return Ok(false);
            }
            redactor.push(printed, &mut clean);
            self.tell(stream, text.take(&mut clean)).await;
        }
        redactor.finish(&mut clean);
        let mut rest = text.take(&mut clean);
        rest.push_str(&text.rest());
        self.tell(stream, rest).await;
        Ok(true)
    }

    async fn tell(&self, stream: Stream, text: String) {
        if !text.is_empty() {
            // Nobody may be listening.
            let _heard = self.events.send(Event::Output { stream, text }).await;
        }
    }
}

/// Bytes become text, also where a character comes in two pieces.
#[derive(Default)]
struct Text(Vec<u8>);

impl Text {
    fn take(&mut self, bytes: &mut Vec<u8>) -> String {
        self.0.append(bytes);
        let whole = match std::str::from_utf8(&self.0) {
            Ok(_) => self.0.len(),
            // A character that may still be completed: at most its first three bytes.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                let tail = self.0.len().saturating_sub(3);
                (tail..self.0.len())
                    .find(|at| self.0.get(*at..).is_some_and(is_begun))
                    .unwrap_or(self.0.len())
            }
        };
        let rest = self.0.split_off(whole);
        let text = String::from_utf8_lossy(&self.0).into_owned();
        self.0 = rest;
        text
    }

    fn rest(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.0)).into_owned()
    }
}

/// Whether these are the first bytes of a character that is not whole.
fn is_begun(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_character_in_two_pieces_is_one_and_what_is_no_text_is_shown_as_that() {
        let mut text = Text::default();
        assert_eq!(text.take(&mut b"a\xe2\x82".to_vec()), "a");
        assert_eq!(text.take(&mut b"\xac b\xff\xe2".to_vec()), "€ b\u{fffd}");
        assert_eq!(text.rest(), "\u{fffd}");
    }
}
