//! What the code prints, redacted before anybody sees it.

use std::io;
use std::process::{ChildStderr, ChildStdout};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use redact::{PATIENCE, Patterns};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::{Notify, mpsc};

use crate::{Event, Stream};

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;

/// Bytes at the end of standard error that are kept, for what they say about why it ended.
const LAST_WORDS: usize = 2 << 10;

/// Where what is printed goes, and how much of it there may be.
pub(super) struct Printed<'a> {
    patterns: &'a Arc<Patterns>,
    events: &'a mpsc::Sender<Event>,
    /// Bytes that may still be printed.
    left: AtomicUsize,
    /// Whether it was killed: what it was about to print is then not completed by anything.
    cut: AtomicBool,
    too_much: AtomicBool,
    stopped: Notify,
    last_words: Mutex<String>,
}

impl<'a> Printed<'a> {
    pub(super) fn new(patterns: &'a Arc<Patterns>, most: usize, events: &'a mpsc::Sender<Event>) -> Self {
        Self {
            patterns,
            events,
            left: AtomicUsize::new(most),
            cut: AtomicBool::new(false),
            too_much: AtomicBool::new(false),
            stopped: Notify::new(),
            last_words: Mutex::default(),
        }
    }

    /// Waits until more is printed than may be.
    pub(super) async fn too_much(&self) {
        self.stopped.notified().await;
    }

    /// Whether more was printed than may be.
    pub(super) fn is_too_much(&self) -> bool {
        self.too_much.load(Ordering::Relaxed)
    }

    /// From now on the ends of the streams are where it was killed.
    pub(super) fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }

    /// The end of what stood on standard error.
    pub(super) fn last_words(&self) -> String {
        std::mem::take(&mut *self.last_words.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Passes on both streams until both have ended, or more is printed than may be.
    pub(super) async fn pump(&self, stdout: Option<ChildStdout>, stderr: Option<ChildStderr>) -> io::Result<()> {
        let (Some(stdout), Some(stderr)) = (stdout, stderr) else {
            return Ok(());
        };
        let stdout = tokio::process::ChildStdout::from_std(stdout)?;
        let stderr = tokio::process::ChildStderr::from_std(stderr)?;
        let out = self.one(stdout, Stream::Stdout);
        let err = self.one(stderr, Stream::Stderr);
        // Where both have something, what was printed comes before the complaint that ended it, as it mostly was written.
        tokio::try_join!(biased; out, err).map(drop)
    }

    async fn one(&self, mut from: impl AsyncRead + Unpin, stream: Stream) -> io::Result<()> {
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
            if read == 0 {
                break;
            }
            let may = self.take(read);
            redactor.push(chunk.get(..may).unwrap_or_default(), &mut clean);
            self.tell(stream, text.take(&mut clean)).await;
            if may < read {
                // What is held back stays so: it may be the first half of a value.
                self.too_much.store(true, Ordering::Relaxed);
                self.stopped.notify_one();
                return Ok(());
            }
        }
        if self.cut.load(Ordering::Relaxed) {
            redactor.release(&mut clean);
        } else {
            redactor.finish(&mut clean);
        }
        let mut rest = text.take(&mut clean);
        rest.push_str(&text.rest());
        self.tell(stream, rest).await;
        Ok(())
    }

    /// How many of these bytes may still be printed.
    fn take(&self, wanted: usize) -> usize {
        let less = |left: usize| Some(left.saturating_sub(wanted));
        let left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        left.unwrap_or(0).min(wanted)
    }

    async fn tell(&self, stream: Stream, text: String) {
        if text.is_empty() {
            return;
        }
        if stream == Stream::Stderr {
            let mut last = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
            last.push_str(&text);
            let from = last.ceil_char_boundary(last.len().saturating_sub(LAST_WORDS));
            last.drain(..from);
        }
        // Nobody may be listening.
        let _heard = self.events.send(Event::Output { stream, text }).await;
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
