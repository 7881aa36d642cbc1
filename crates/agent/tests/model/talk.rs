//! Talking to a model once, and what it says in the protocol.

use std::time::Duration;

use agent::model::{Endpoint, Message, Model, ModelError, Patience, Reply, Tool};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::server::{Answer, Server};

pub(crate) const KEY: &str = "sk-canary-7f3a91c2e8d4b605";

/// Long where a test would fail by it, next to nothing where it would wait.
pub(crate) fn patience() -> Patience {
    Patience {
        first: Duration::from_secs(60),
        between: Duration::from_secs(60),
        again: Duration::from_millis(1),
        ..Patience::default()
    }
}

pub(crate) fn model(url: &str, patience: Patience) -> Model {
    let endpoint = Endpoint {
        url: url.to_owned(),
        model: "small-model".to_owned(),
        key: Some(Zeroizing::new(KEY.to_owned())),
    };
    Model::with(endpoint, patience).unwrap()
}

/// What came of one round, and what was handed on before.
pub(crate) struct Talk {
    pub(crate) outcome: Result<Reply, ModelError>,
    pub(crate) handed_on: Vec<String>,
}

pub(crate) async fn talk(model: &Model) -> Talk {
    let mut handed_on = Vec::new();
    let messages = [Message::Person("hello".to_owned())];
    let outcome = model
        .reply(&messages, &[tool()], &mut |text| handed_on.push(text.to_owned()))
        .await;
    // Whatever went wrong, in whatever test: the key is not in it.
    if let Err(error) = &outcome {
        for words in [error.to_string(), format!("{error:?}")] {
            assert!(
                !words.contains(KEY) && !words.contains(&KEY[..12]),
                "the key is in: {words}"
            );
            assert!(!words.contains("127.0.0.1"), "the address is in: {words}");
        }
    }
    Talk { outcome, handed_on }
}

/// One round with a server that gives these answers.
pub(crate) async fn talk_about(answers: impl IntoIterator<Item = Answer>) -> Talk {
    let server = Server::answering(answers).await;
    talk(&model(&server.url(), patience())).await
}

pub(crate) async fn reply(answer: Answer) -> Reply {
    talk_about([answer]).await.outcome.unwrap()
}

pub(crate) async fn failure(answer: Answer) -> ModelError {
    talk_about([answer]).await.outcome.unwrap_err()
}

pub(crate) fn tool() -> Tool {
    Tool {
        name: "run_code",
        description: "Runs code.",
        parameters: json!({ "type": "object", "properties": { "code": { "type": "string" } } }),
    }
}

pub(crate) const DONE: &str = "data: [DONE]\n\n";

pub(crate) fn event(document: &Value) -> String {
    format!("data: {document}\n\n")
}

/// An event as OpenAI sends it.
pub(crate) fn delta(delta: &Value) -> String {
    event(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_760_000_000, "model": "small-model",
        "system_fingerprint": "fp_1",
        "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": null }]
    }))
}

pub(crate) fn says(text: &str) -> String {
    delta(&json!({ "content": text }))
}

pub(crate) fn ends(reason: &str) -> String {
    event(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] }))
}

/// A whole answer that says this.
pub(crate) fn saying(text: &str) -> Answer {
    Answer::events(&[&says(text), &ends("stop"), DONE].concat())
}
