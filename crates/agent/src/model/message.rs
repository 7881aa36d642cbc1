use serde_json::Value;

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// What the model is to know before all else.
    System(String),
    /// What the person said.
    Person(String),
    /// What the model said, and what it asked tools for.
    Agent {
        /// May be empty.
        text: String,
        /// Each is followed by its [result](Message::Result).
        calls: Vec<Call>,
    },
    /// What came of a call.
    Result {
        /// The [call](Call::id) that it answers.
        call_id: String,
        /// In words, or JSON.
        text: String,
    },
}

/// What a model may ask for.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Letters, digits, `_` and `-`, at most 64.
    pub name: &'static str,
    /// When to use it and what it gives, for the model.
    pub description: &'static str,
    /// A JSON Schema of its arguments: an object.
    pub parameters: Value,
}

/// A model's wish that a tool be used. Nothing in it is to be trusted to have any form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Never empty, and its own within a reply: where a server gives none, one is made up.
    pub id: String,
    /// As the model gave it; perhaps of no tool there is.
    pub name: String,
    /// JSON, or meant to be, as the model gave it.
    pub arguments: String,
}

/// What a model said in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The whole text; it was handed on piece by piece before.
    pub text: String,
    /// The tools that it wants used before it goes on.
    pub calls: Vec<Call>,
    /// Whether it ended because it had reached its length. The last call's arguments may then be half.
    pub cut: bool,
}
