//! What a model's server is asked.

use std::env;
use std::process::Command;

use agent::model::{Call, Endpoint, Message, Model};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::server::{Asked, Server};
use crate::talk::{KEY, model, patience, saying, talk, tool};

async fn asked_with(messages: &[Message]) -> Asked {
    let server = Server::answering([saying("yes")]).await;
    model(&server.url(), patience())
        .reply(messages, &[tool()], &mut |_| {})
        .await
        .unwrap();
    server.asked().remove(0)
}

#[tokio::test]
async fn the_key_is_sent_as_a_bearer_token_and_nowhere_else() {
    let asked = asked_with(&[Message::Person("hello".to_owned())]).await;
    assert_eq!(asked.uri, "/v1/chat/completions");
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    let elsewhere = asked.headers.iter().filter(|(name, _)| *name != "authorization");
    assert!(
        elsewhere
            .into_iter()
            .all(|(_, value)| !value.to_str().unwrap().contains(KEY))
    );
    assert!(!asked.body.to_string().contains(KEY));
}

#[tokio::test]
async fn without_a_key_none_is_sent() {
    let server = Server::answering([saying("yes")]).await;
    let endpoint = Endpoint {
        url: server.url(),
        model: "small-model".to_owned(),
        key: None,
    };
    talk(&Model::new(endpoint).unwrap()).await.outcome.unwrap();
    assert!(!server.asked()[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_key_from_a_file_may_end_in_a_newline() {
    let server = Server::answering([saying("yes")]).await;
    let endpoint = Endpoint {
        url: server.url(),
        model: "small-model".to_owned(),
        key: Some(Zeroizing::new(format!("{KEY}\n"))),
    };
    talk(&Model::new(endpoint).unwrap()).await.outcome.unwrap();
    assert_eq!(server.asked()[0].headers["authorization"], format!("Bearer {KEY}"));
}

#[tokio::test]
async fn messages_and_tools_have_the_protocols_form() {
    let call = Call {
        id: "call_a".to_owned(),
        name: "run_code".to_owned(),
        arguments: "{\"code\":\"1\"}".to_owned(),
    };
    let messages = [
        Message::System("Be short.".to_owned()),
        Message::Person("hello".to_owned()),
        Message::Agent {
            text: "Hi.".to_owned(),
            calls: Vec::new(),
        },
        Message::Agent {
            text: String::new(),
            calls: vec![call],
        },
        Message::Result {
            call_id: "call_a".to_owned(),
            text: "1".to_owned(),
        },
    ];
    let function = json!({ "name": "run_code", "arguments": "{\"code\":\"1\"}" });
    let expected = json!({
        "model": "small-model",
        "stream": true,
        "messages": [
            { "role": "system", "content": "Be short." },
            { "role": "user", "content": "hello" },
            { "role": "assistant", "content": "Hi." },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "call_a", "type": "function", "function": function }] },
            { "role": "tool", "tool_call_id": "call_a", "content": "1" }
        ],
        "tools": [{ "type": "function", "function": {
            "name": "run_code", "description": "Runs code.",
            "parameters": { "type": "object", "properties": { "code": { "type": "string" } } }
        } }]
    });
    assert_eq!(asked_with(&messages).await.body, expected);
}

#[tokio::test]
async fn without_tools_there_is_no_list_of_them() {
    let server = Server::answering([saying("yes")]).await;
    let messages = [Message::Person("hello".to_owned())];
    model(&server.url(), patience())
        .reply(&messages, &[], &mut |_| {})
        .await
        .unwrap();
    assert_eq!(server.asked()[0].body.get("tools"), None);
}

#[tokio::test]
async fn what_a_model_got_wrong_is_not_told_back_in_a_form_that_servers_refuse() {
    for (name, arguments, told_name, told_arguments) in [
        ("run code!", "{not json", "runcode", "{}"),
        ("", "[1]", "unknown", "{}"),
        ("ünïcode", "", "ncode", "{}"),
    ] {
        let call = Call {
            id: "call_a".to_owned(),
            name: name.to_owned(),
            arguments: arguments.to_owned(),
        };
        let messages = [Message::Agent {
            text: String::new(),
            calls: vec![call],
        }];
        let function: Value = asked_with(&messages).await.body["messages"][0]["tool_calls"][0]["function"].take();
        assert_eq!(function, json!({ "name": told_name, "arguments": told_arguments }));
    }
}

#[tokio::test]
async fn the_base_may_be_written_in_several_ways() {
    for (base, uri) in [
        ("/v1", "/v1/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("", "/chat/completions"),
        ("/v1/chat/completions", "/v1/chat/completions"),
        (
            "/openai/v1?api-version=preview#x",
            "/openai/v1/chat/completions?api-version=preview",
        ),
    ] {
        let server = Server::answering([saying("yes")]).await;
        let url = format!("http://{}{base}", server.address);
        talk(&model(&url, patience())).await.outcome.unwrap();
        assert_eq!(server.asked()[0].uri, uri);
    }
}

/// The environment is a process's own: another process of this program has one with a proxy, where nobody listens.
#[test]
fn a_proxy_in_the_environment_is_not_used() {
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "asking::without_a_key_none_is_sent"]);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, "http://127.0.0.1:9");
    }
    let output = again.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("1 passed; 0 failed"), "{printed}");
}
