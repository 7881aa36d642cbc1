//! An event of the stream, or the whole answer, as servers really send them.
//!
//! Everything may be missing or null, anything may be added, and where servers are known to differ in the kind of a field, it is
//! taken as it is and understood afterwards.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) choices: Option<Vec<Choice>>,
    pub(super) error: Option<Value>,
}

/// One of the alternatives. Only one is asked for.
#[derive(Deserialize)]
pub(super) struct Choice {
    delta: Option<Piece>,
    /// In place of `delta` where the answer is not streamed.
    message: Option<Piece>,
    finish_reason: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct Piece {
    content: Option<Value>,
    refusal: Option<Value>,
    tool_calls: Option<Vec<CallPiece>>,
}

#[derive(Deserialize)]
pub(super) struct CallPiece {
    index: Option<Value>,
    id: Option<Value>,
    function: Option<FunctionPiece>,
}

#[derive(Deserialize)]
struct FunctionPiece {
    name: Option<Value>,
    arguments: Option<Value>,
}

impl Choice {
    pub(super) fn into_parts(self) -> (Option<Piece>, Option<String>) {
        let reason = self.finish_reason.as_ref().and_then(Value::as_str);
        // Some send an empty one with each piece.
        let reason = reason.filter(|reason| !reason.is_empty()).map(str::to_owned);
        (self.delta.or(self.message), reason)
    }
}

impl Piece {
    /// Its text. What a model refuses to do is said in a field of its own, but is its answer all the same.
    pub(super) fn text(&self) -> String {
        [&self.content, &self.refusal]
            .into_iter()
            .flatten()
            .map(plain)
            .collect()
    }

    pub(super) fn calls(self) -> Vec<CallPiece> {
        self.tool_calls.unwrap_or_default()
    }
}

/// A text, or a list of parts of which some are text (Mistral).
fn plain(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

impl CallPiece {
    pub(super) fn index(&self) -> Option<u64> {
        self.index.as_ref()?.as_u64()
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_ref()?.as_str().filter(|id| !id.is_empty())
    }

    pub(super) fn name(&self) -> Option<&str> {
        let name = self.function.as_ref()?.name.as_ref()?;
        name.as_str().filter(|name| !name.is_empty())
    }

    /// JSON text, or a piece of it. Some send the object itself.
    pub(super) fn arguments(&self) -> Option<String> {
        match self.function.as_ref()?.arguments.as_ref()? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }
}
