//! Making one reply of the pieces it comes in.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::de::IgnoredAny;
use serde_json::Value;
use sse_stream::Sse;

use super::answer::{Answer, CallPiece};
use super::{Call, ModelError, Reply, limits, refusal};

/// Bytes of an id that is taken as it is.
const ID: usize = 256;

pub(super) struct Gathered<'a> {
    text: String,
    calls: Vec<Growing>,
    end: Option<String>,
    done: bool,
    /// Whether anything was of the protocol.
    understood: bool,
    key: Option<&'a str>,
}

struct Growing {
    index: Option<u64>,
    call: Call,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(key: Option<&'a str>) -> Self {
        Self {
            text: String::new(),
            calls: Vec::new(),
            end: None,
            done: false,
            understood: false,
            key,
        }
    }

    /// Whether what matters is there. A server may say it by a reason, by `[DONE]`, or by both.
    pub(super) fn ended(&self) -> bool {
        self.done || self.end.is_some()
    }

    pub(super) fn event(&mut self, event: &Sse, on_text: &mut (dyn FnMut(&str) + Send)) -> Result<(), ModelError> {
        let data = event.data.as_deref().unwrap_or_default().trim();
        if data == "[DONE]" {
            self.done = true;
            return Ok(());
        }
        if event.event.as_deref() == Some("error") {
            let document = serde_json::from_str(data).unwrap_or(Value::Null);
            return Err(refusal::broken(&document, self.key));
        }
        if data.is_empty() {
            return Ok(());
        }
        self.take(data, on_text)
    }

    /// Takes what one JSON document says.
    pub(super) fn take(&mut self, document: &str, on_text: &mut (dyn FnMut(&str) + Send)) -> Result<(), ModelError> {
        let answer: Answer = serde_json::from_str(document).map_err(|_| ModelError::Nonsense)?;
        if answer.error.is_some() {
            let document = serde_json::from_str(document).unwrap_or(Value::Null);
            return Err(refusal::broken(&document, self.key));
        }
        let Some(choices) = answer.choices else { return Ok(()) };
        self.understood = true;
        // Only one was asked for.
        let Some(choice) = choices.into_iter().next() else {
            return Ok(());
        };
        let (piece, end) = choice.into_parts();
        if let Some(piece) = piece {
            let text = piece.text();
            if self.text.len() + text.len() > limits::TEXT {
                return Err(ModelError::TooLong);
            }
            if !text.is_empty() {
                self.text.push_str(&text);
                on_text(&text);
            }
            for piece in piece.calls() {
                self.grow(&piece)?;
            }
        }
        if end.is_some() {
            self.end = end;
        }
        Ok(())
    }

    fn grow(&mut self, piece: &CallPiece) -> Result<(), ModelError> {
        let position = match self.position(piece) {
            Some(position) => position,
            None if self.calls.len() == limits::CALLS => return Err(ModelError::TooLong),
            None => {
                let call = Call {
                    id: String::new(),
                    name: String::new(),
                    arguments: String::new(),
                };
                let index = piece.index();
                self.calls.push(Growing { index, call });
                self.calls.len() - 1
            }
        };
        let Some(Growing { call, .. }) = self.calls.get_mut(position) else {
            return Ok(());
        };
        if let Some(id) = piece.id().filter(|id| call.id.is_empty() && id.len() <= ID) {
            id.clone_into(&mut call.id);
        }
        // Some repeat the name in each piece.
        if let Some(name) = piece.name().filter(|name| *name != call.name) {
            call.name.push_str(name);
        }
        call.arguments.push_str(&piece.arguments().unwrap_or_default());
        if call.name.len() + call.arguments.len() > limits::ARGUMENTS {
            return Err(ModelError::TooLong);
        }
        Ok(())
    }

    /// The call that a piece belongs to; none if it begins one.
    fn position(&self, piece: &CallPiece) -> Option<usize> {
        let last = self.calls.len().checked_sub(1);
        match (piece.index(), piece.id()) {
            // Gemini's endpoint gives all calls the index 0, and each an id and a name. Others give each piece another id.
            (Some(index), id) => self.calls.iter().rposition(|Growing { index: there, call }| {
                let same = id.is_none_or(|id| call.id.is_empty() || call.id == id) || piece.name().is_none();
                *there == Some(index) && same
            }),
            (None, Some(id)) => self.calls.iter().position(|growing| growing.call.id == id),
            // Neither: a name begins a call, unless it is repeated while the arguments are still half.
            (None, None) => {
                let Growing { call, .. } = self.calls.get(last?)?;
                let begins = piece
                    .name()
                    .is_some_and(|name| name != call.name || is_json(&call.arguments));
                if begins { None } else { last }
            }
        }
    }

    /// The reply, at the end of a stream.
    pub(super) fn reply(self) -> Result<Reply, ModelError> {
        if !self.understood {
            return Err(ModelError::Nonsense);
        }
        if !self.ended() {
            return Err(ModelError::CutOff);
        }
        self.whole()
    }

    /// The reply, of an answer that was not streamed, which need not say why it ended.
    pub(super) fn whole(self) -> Result<Reply, ModelError> {
        if !self.understood {
            return Err(ModelError::Nonsense);
        }
        match self.end.as_deref() {
            Some("content_filter") => return Err(ModelError::Filtered),
            // OpenRouter's, where what is behind it failed.
            Some("error") => return Err(ModelError::Broken { said: None }),
            _ => {}
        }
        let mut calls: Vec<Call> = Vec::with_capacity(self.calls.len());
        for Growing { mut call, .. } in self.calls {
            if call.id.is_empty() || calls.iter().any(|other| other.id == call.id) {
                call.id = made_up_id();
            }
            calls.push(call);
        }
        Ok(Reply {
            text: self.text,
            calls,
            cut: self.end.as_deref() == Some("length"),
        })
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// An id for a call that came without one. It has to be its own within what is sent in one request.
fn made_up_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("made_up_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
