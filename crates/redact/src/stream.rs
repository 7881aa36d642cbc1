//! One stream of bytes on its way to whoever reads it.

use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::patterns::{Here, Patterns};

/// How long a stream has to be silent before [`Stream::release`] may be called.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// Bytes of a possible match that a silence sets free, once.
const MOST_RELEASED: usize = 4;

/// Replaces values in one stream. Each stream has its own: a value half in one and half in another is none.
pub struct Stream {
    patterns: Arc<Patterns>,
    /// What could still become a match, from its first byte on.
    held: Zeroizing<Vec<u8>>,
    /// Bytes at the beginning of `held` that a match before has covered: they are not passed on, whatever they become.
    covered: usize,
    /// Bytes at the beginning of `held` that were released already.
    released: usize,
    /// The labels that stand for the matches so far that overlap.
    labels: Vec<u32>,
    /// The labels of all matches so far, in the order in which each was first seen.
    seen: Vec<u32>,
}

impl Stream {
    /// A stream in which nothing has been seen yet.
    #[must_use]
    pub fn new(patterns: Arc<Patterns>) -> Self {
        Self {
            patterns,
            held: Zeroizing::default(),
            covered: 0,
            released: 0,
            labels: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// The names of the secrets that stood in it so far, each once.
    pub fn seen(&self) -> impl Iterator<Item = &str> {
        self.seen.iter().map(|name| self.patterns.name(*name))
    }

    /// Takes what was printed, and appends what can be passed on.
    pub fn push(&mut self, input: &[u8], output: &mut Vec<u8>) {
        if self.held.is_empty() {
            let kept = self.pass(input, output, false);
            self.held.extend_from_slice(input.get(kept..).unwrap_or_default());
        } else {
            let mut text = std::mem::take(&mut self.held);
            text.extend_from_slice(input);
            let kept = self.pass(&text, output, false);
            text.drain(..kept);
            self.held = text;
        }
    }

    /// Whether a silence would set anything free.
    #[must_use]
    pub fn can_release(&self) -> bool {
        self.held.len().min(self.covered + MOST_RELEASED) > self.covered.max(self.released)
    }

    /// After a silence of [`PATIENCE`]: passes on the first few bytes of what is held, so that a prompt that looks like the beginning of a
    /// value is seen. The rest of the value, should it come, is still replaced.
    pub fn release(&mut self, output: &mut Vec<u8>) {
        let from = self.covered.max(self.released);
        let to = (self.covered + MOST_RELEASED).min(self.held.len());
        if let Some(few) = self.held.get(from..to) {
            output.extend_from_slice(few);
            self.released = to;
        }
    }

    /// The stream is over: what is held has not become a match.
    pub fn finish(&mut self, output: &mut Vec<u8>) {
        let text = std::mem::take(&mut self.held);
        self.pass(&text, output, true);
    }

    /// Passes on what is decided of `text`, and gives back from where on it is not.
    fn pass(&mut self, text: &[u8], output: &mut Vec<u8>, whole: bool) -> usize {
        let patterns = Arc::clone(&self.patterns);
        let mut at = 0;
        // From here on it is not passed on yet.
        let mut from = self.covered.max(self.released);
        let mut covered = self.covered;
        let kept = loop {
            at = patterns.candidate(text, at);
            if at >= text.len() {
                break text.len();
            }
            let rest = text.get(at..).unwrap_or_default();
            match patterns.begins(rest, whole) {
                Here::Open => break at,
                Here::Known(length, names) => {
                    (covered, from) = self.replace(text, (at, length), names, (covered, from), output);
                }
            }
            at += 1;
        };
        if let Some(plain) = text.get(from..kept) {
            output.extend_from_slice(plain);
        }
        self.covered = covered.saturating_sub(kept);
        self.released = from.saturating_sub(kept).max(self.covered);
        if self.covered == 0 {
            self.labels.clear();
        }
        kept
    }

    /// Writes the labels of what begins at a place, unless they stand there already. Takes and gives how far matches cover the text, and
    /// from where on it is not passed on.
    fn replace(
        &mut self,
        text: &[u8],
        (at, length): (usize, usize),
        names: Vec<u32>,
        (covered, from): (usize, usize),
        output: &mut Vec<u8>,
    ) -> (usize, usize) {
        if length == 0 {
            return (covered, from);
        }
        if at >= covered {
            // Nothing before reaches into it.
            self.labels.clear();
            if let Some(plain) = text.get(from..at) {
                output.extend_from_slice(plain);
            }
        }
        for name in names {
            if !self.labels.contains(&name) {
                self.labels.push(name);
                if !self.seen.contains(&name) {
                    self.seen.push(name);
                }
                output.push(b'[');
                output.extend_from_slice(self.patterns.name(name).as_bytes());
                output.push(b']');
            }
        }
        let covered = covered.max(at + length);
        (covered, from.max(covered))
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("held", &self.held.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
