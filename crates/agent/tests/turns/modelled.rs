//! The agent that is a model, played by a server that answers from a list and keeps what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::routing::post;
use domain::chat::{ChatView, EntryView};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{VALUE, World, runs};

/// What is answered, in order; the last again and again. And what was asked.
#[derive(Clone, Default)]
struct Model {
    answers: Arc<Mutex<VecDeque<Value>>>,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Model {
    async fn start(answers: impl IntoIterator<Item = Value>) -> (Self, String) {
        let model = Self::default();
        model.answers.lock().unwrap().extend(answers);
        let router = Router::new()
            .route("/v1/chat/completions", post(answer))
            .with_state(model.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (model, url)
    }

    fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(
    State(model): State<Model>,
    axum::Json(asked): axum::Json<Value>,
) -> Sse<impl stream::Stream<Item = Result<Event, axum::Error>>> {
    model.asked.lock().unwrap().push(asked);
    let mut answers = model.answers.lock().unwrap();
    let next = if answers.len() > 1 {
        answers.pop_front()
    } else {
        answers.front().cloned()
    };
    let delta = next.unwrap();
    let reason = if delta.get("tool_calls").is_some() {
        "tool_calls"
    } else {
        "stop"
    };
    let chunks = [
        json!({ "choices": [{ "index": 0, "delta": delta }] }).to_string(),
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] }).to_string(),
        "[DONE]".to_owned(),
    ];
    Sse::new(stream::iter(chunks.map(|text| Ok(Event::default().data(text)))))
}

fn says(text: &str) -> Value {
    json!({ "content": text })
}

fn calls(name: &str, arguments: &Value) -> Value {
    json!({ "tool_calls": [{ "index": 0, "id": "c1", "type": "function",
                             "function": { "name": name, "arguments": arguments.to_string() } }] })
}

fn notes(chat: &ChatView) -> String {
    let all = chat.entries.iter();
    all.filter_map(|shown| match &shown.entry {
        EntryView::Note(text, _) => Some(text.as_str()),
        _ => None,
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_lists_asks_runs_and_answers_and_is_never_told_a_value() {
    let code = "import os, base64\nv = os.environ['X_TOKEN']\nprint(v, base64.b64encode(v.encode()).decode())";
    let (model, url) = Model::start([
        calls("list_secrets", &json!({})),
        calls(
            "request_secret",
            &json!({ "secrets": [{ "name": "X_TOKEN" }], "reason": "To search" }),
        ),
        calls("run_code", &json!({ "language": "python", "code": code })),
        says("Found **two** mentions."),
        says("Nothing more."),
    ])
    .await;
    let Some(world) = World::new(Some(url)).await else {
        return;
    };
    world.say(&format!("search, my token is {VALUE}")).await;
    world.give("X_TOKEN").await;
    let chat = world.done().await;
    assert_eq!(runs(&chat)[0].output, "[X_TOKEN] [X_TOKEN]\n");
    assert!(
        !format!("{chat:?}").contains(VALUE),
        "the message that it was typed into has it no more"
    );

    world.say("and now?").await;
    world.done().await;
    let asked = model.asked();
    assert_eq!(asked.len(), 5);
    // It was typed into the message before it was stored, and the model had read that; from then on it reads the name.
    for later in &asked[2..] {
        assert!(!later.to_string().contains(VALUE), "{later}");
    }
    let last = asked[4]["messages"].to_string();
    for told in [
        "request_secret",
        "run_code",
        "Stored. It is an environment variable",
        "[X_TOKEN] [X_TOKEN]",
        "Found **two**",
    ] {
        assert!(last.contains(told), "{told} is not in {last}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_that_are_used_wrongly_are_said_to_be_and_it_can_go_on() {
    let (model, url) = Model::start([
        calls("run_code", &json!({ "language": "cobol", "code": "x" })),
        calls("run_code", &json!({ "code": 7 })),
        calls("read_value", &json!({ "name": "X_TOKEN" })),
        calls("request_secret", &json!({ "secrets": [{ "name": "PATH" }] })),
        says("I give up."),
    ])
    .await;
    let Some(world) = World::new(Some(url)).await else {
        return;
    };
    world.say("do something").await;
    let chat = world.done().await;
    assert!(runs(&chat).is_empty());
    let said = notes(&chat);
    assert!(
        said.contains("python, javascript or shell") && said.contains("no such tool"),
        "{said}"
    );
    let last = model.asked().last().unwrap()["messages"].to_string();
    assert!(
        last.contains("Not asked.") && last.contains("Not done: there is no such tool."),
        "{last}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_stored_while_code_prints_it_is_not_told_either() {
    // Not a secret yet when it is printed: the run itself has nothing to look for.
    let code = format!(
        "import time\nv = '{VALUE}'[::-1][::-1]\nopen(v + '.txt', 'w').write(v)\nprint(v, flush=True)\n\
         time.sleep(4)"
    );
    let (model, url) = Model::start([
        calls("run_code", &json!({ "language": "python", "code": code })),
        says("Done."),
    ])
    .await;
    let Some(world) = World::new(Some(url)).await else {
        return;
    };
    world.say("go").await;
    world
        .until(|chat| runs(chat).first().is_some_and(|run| run.output.contains(VALUE)))
        .await;
    world.store("X_TOKEN").await;
    let chat = world.done().await;
    let run = runs(&chat)[0];
    assert_eq!(run.output, "[X_TOKEN]\n");
    assert!(
        run.files
            .contains(&("[X_TOKEN].txt".to_owned(), "[X_TOKEN]".to_owned())),
        "{:?}",
        run.files
    );
    let asked = model.asked();
    assert_eq!(asked.len(), 2);
    let told = asked[1]["messages"].to_string();
    assert!(told.contains("[X_TOKEN]") && !told.contains(VALUE), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_uses_tools_without_end_is_stopped() {
    let (model, url) = Model::start([calls("list_secrets", &json!({}))]).await;
    let Some(world) = World::new(Some(url)).await else {
        return;
    };
    world.say("go").await;
    let chat = world.done().await;
    assert_eq!(model.asked().len(), 16);
    assert!(notes(&chat).contains("without coming to an end"), "{}", notes(&chat));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_cannot_be_reached_is_said_and_the_chat_goes_on() {
    let Some(world) = World::new(Some("http://127.0.0.1:9/v1".to_owned())).await else {
        return;
    };
    world.say("hello").await;
    let chat = world.done().await;
    assert!(!notes(&chat).is_empty());
    world.say("again").await;
    world.done().await;
}
