//! Tool calls, in all the ways that servers send them.

use agent::model::{Call, Reply};
use serde_json::{Value, json};

use crate::server::Answer;
use crate::talk::{DONE, delta, ends, reply};

async fn calls(pieces: &[Value]) -> Vec<Call> {
    reply_of(pieces, "tool_calls").await.calls
}

/// Each of the pieces is the `tool_calls` of one event.
async fn reply_of(pieces: &[Value], reason: &str) -> Reply {
    let events: String = pieces
        .iter()
        .map(|calls| delta(&json!({ "tool_calls": calls })))
        .collect();
    reply(Answer::events(&[&events, &ends(reason), DONE].concat())).await
}

fn call(id: &str, name: &str, arguments: &str) -> Call {
    Call {
        id: id.to_owned(),
        name: name.to_owned(),
        arguments: arguments.to_owned(),
    }
}

#[tokio::test]
async fn a_call_in_pieces_is_put_together() {
    let pieces = [
        json!([{ "index": 0, "id": "call_a", "type": "function", "function": { "name": "run_code", "arguments": "" } }]),
        json!([{ "index": 0, "function": { "arguments": "{\"co" } }]),
        json!([{ "index": 0, "function": { "arguments": "de\":\"pri" } }]),
        json!([{ "index": 0, "id": "", "function": { "name": null, "arguments": "nt(1)\"}" } }]),
    ];
    assert_eq!(
        calls(&pieces).await,
        [call("call_a", "run_code", "{\"code\":\"print(1)\"}")]
    );
}

#[tokio::test]
async fn two_calls_whose_pieces_alternate_stay_two() {
    let pieces = [
        json!([{ "index": 0, "id": "a", "function": { "name": "run_code", "arguments": "{\"code\":" } },
               { "index": 1, "id": "b", "function": { "name": "list_secrets", "arguments": "" } }]),
        json!([{ "index": 1, "function": { "arguments": "{}" } }]),
        json!([{ "index": 0, "function": { "arguments": "\"1\"}" } }]),
    ];
    let expected = [
        call("a", "run_code", "{\"code\":\"1\"}"),
        call("b", "list_secrets", "{}"),
    ];
    assert_eq!(calls(&pieces).await, expected);
}

#[tokio::test]
async fn whole_calls_that_all_have_index_0_stay_apart() {
    let pieces = [
        json!([{ "index": 0, "id": "a", "function": { "name": "run_code", "arguments": "{}" } }]),
        json!([{ "index": 0, "id": "b", "function": { "name": "run_code", "arguments": "{}" } }]),
    ];
    assert_eq!(
        calls(&pieces).await,
        [call("a", "run_code", "{}"), call("b", "run_code", "{}")]
    );
}

#[tokio::test]
async fn an_id_that_changes_from_piece_to_piece_makes_no_new_call() {
    let pieces = [
        json!([{ "index": 0, "id": "a", "function": { "name": "run_code", "arguments": "{" } }]),
        json!([{ "index": 0, "id": "b", "function": { "arguments": "}" } }]),
    ];
    assert_eq!(calls(&pieces).await, [call("a", "run_code", "{}")]);
}

#[tokio::test]
async fn without_an_index_the_id_tells_calls_apart() {
    let pieces = [
        json!([{ "id": "a", "function": { "name": "run_code", "arguments": "{\"a\":" } }]),
        json!([{ "id": "a", "function": { "arguments": "1}" } }]),
        json!([{ "id": "b", "function": { "name": "run_code", "arguments": "{}" } }]),
    ];
    assert_eq!(
        calls(&pieces).await,
        [call("a", "run_code", "{\"a\":1}"), call("b", "run_code", "{}")]
    );
}

#[tokio::test]
async fn without_index_and_id_a_name_begins_a_call_and_ids_are_made_up() {
    let pieces = [
        json!([{ "function": { "name": "run_code", "arguments": "{\"a\":" } }]),
        json!([{ "function": { "name": "run_code", "arguments": "1}" } }]),
        json!([{ "function": { "name": "run_code", "arguments": "{}" } }, { "function": { "name": "list_secrets" } }]),
    ];
    let calls = calls(&pieces).await;
    let told: Vec<_> = calls
        .iter()
        .map(|call| (call.name.as_str(), call.arguments.as_str()))
        .collect();
    assert_eq!(
        told,
        [("run_code", "{\"a\":1}"), ("run_code", "{}"), ("list_secrets", "")]
    );
    assert!(calls.iter().all(|call| !call.id.is_empty()));
    assert!(calls[0].id != calls[1].id && calls[1].id != calls[2].id && calls[0].id != calls[2].id);
}

#[tokio::test]
async fn two_calls_with_one_id_get_two() {
    let pieces = [json!([
        { "index": 0, "id": "same", "function": { "name": "run_code", "arguments": "{}" } },
        { "index": 1, "id": "same", "function": { "name": "run_code", "arguments": "{}" } }
    ])];
    let calls = calls(&pieces).await;
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].id, "same");
    assert_ne!(calls[1].id, "same");
}

#[tokio::test]
async fn arguments_may_be_an_object_and_a_name_may_be_repeated_or_in_pieces() {
    let pieces = [
        json!([{ "index": 0, "id": "a", "function": { "name": "run_code", "arguments": { "code": "1" } } }]),
        json!([{ "index": 1, "id": "b", "function": { "name": "list_secrets", "arguments": "{" } }]),
        json!([{ "index": 1, "id": "b", "function": { "name": "list_secrets", "arguments": "}" } }]),
        json!([{ "index": 2, "id": "c", "function": { "name": "request_" } }]),
        json!([{ "index": 2, "function": { "name": "secret", "arguments": "{}" } }]),
    ];
    let expected = [
        call("a", "run_code", "{\"code\":\"1\"}"),
        call("b", "list_secrets", "{}"),
        call("c", "request_secret", "{}"),
    ];
    assert_eq!(calls(&pieces).await, expected);
}

#[tokio::test]
async fn what_a_model_gets_wrong_is_given_as_it_is() {
    let pieces = [json!([{ "index": 0, "id": "a", "function": { "name": "no such tool", "arguments": "{not json" } }])];
    assert_eq!(calls(&pieces).await, [call("a", "no such tool", "{not json")]);
}

#[tokio::test]
async fn a_call_that_ended_by_its_length_is_there_and_marked() {
    let pieces =
        [json!([{ "index": 0, "id": "a", "function": { "name": "run_code", "arguments": "{\"code\":\"pri" } }])];
    let reply = reply_of(&pieces, "length").await;
    assert!(reply.cut);
    assert_eq!(reply.calls, [call("a", "run_code", "{\"code\":\"pri")]);
}
