//! Answers that break off, or are none.

use agent::model::ModelError;
use serde_json::json;

use crate::server::{Answer, Piece};
use crate::talk::{DONE, KEY, ends, event, failure, says, talk_about};

#[tokio::test]
async fn a_stream_that_ends_without_an_end_is_cut_off() {
    let talk = talk_about([Answer::events(&says("half"))]).await;
    assert_eq!(talk.outcome, Err(ModelError::CutOff));
    assert_eq!(talk.handed_on, ["half"]);
}

#[tokio::test]
async fn a_connection_that_breaks_is_cut_off() {
    let pieces = vec![Piece::Bytes(says("half").into()), Piece::Break];
    let talk = talk_about([Answer::pieces(pieces)]).await;
    assert_eq!(talk.outcome, Err(ModelError::CutOff));
    assert_eq!(talk.handed_on, ["half"]);
}

#[tokio::test]
async fn a_half_event_at_the_end_is_cut_off() {
    let whole = says("never whole");
    let answer = Answer::events(&(says("half") + &whole[..whole.len() - 9]));
    let talk = talk_about([answer]).await;
    assert_eq!(talk.outcome, Err(ModelError::CutOff));
    assert_eq!(talk.handed_on, ["half"]);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_end_does_no_harm() {
    let pieces = vec![
        Piece::Bytes([says("whole"), ends("stop")].concat().into()),
        Piece::Break,
    ];
    assert_eq!(
        talk_about([Answer::pieces(pieces)]).await.outcome.unwrap().text,
        "whole"
    );
}

#[tokio::test]
async fn events_that_are_not_the_protocol_are_nonsense() {
    for data in [
        "{not json",
        "17",
        "[]",
        "{\"choices\":\"none\"}",
        "{\"choices\":[7]}",
        "hello",
    ] {
        let answer = Answer::events(&format!("{}data: {data}\n\n", says("so far")));
        assert_eq!(failure(answer).await, ModelError::Nonsense, "{data}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_nonsense() {
    let answer = Answer::pieces(vec![Piece::Bytes(b"data: {\"choices\":\"\xff\xfe\"}\n\n".to_vec())]);
    assert_eq!(failure(answer).await, ModelError::Nonsense);
}

#[tokio::test]
async fn another_kind_of_server_is_nonsense() {
    let html = "<!DOCTYPE html>\n<html><body>It works: data: yes</body></html>";
    for answer in [
        Answer::document(200, html).with("content-type", "text/html"),
        Answer::document(200, format!("\n\n  {html}")),
        Answer::document(200, "{\"version\":\"1.0\"}"),
        Answer::document(200, "{\"choices\":"),
        Answer::document(200, "OK\n").with("content-type", "text/plain"),
        Answer::document(200, ""),
        Answer::events(DONE),
        Answer::events("data: {\"hello\":1}\n\ndata: [DONE]\n\n"),
    ] {
        assert_eq!(failure(answer).await, ModelError::Nonsense);
    }
}

#[tokio::test]
async fn an_error_in_the_stream_is_told_in_the_servers_words() {
    let broken = ModelError::Broken {
        said: Some("the engine died".to_owned()),
    };
    let document = json!({ "error": { "message": "the engine\ndied", "code": 500 } });
    for answer in [
        Answer::events(&(says("half") + &event(&document))),
        Answer::events("event: error\ndata: {\"message\":\"the engine died\"}\n\n"),
        Answer::document(200, json!({ "error": "the engine died" }).to_string()),
    ] {
        let error = failure(answer).await;
        assert_eq!(error, broken);
        assert!(error.to_string().contains("“the engine died”"), "{error}");
    }
}

#[tokio::test]
async fn an_error_in_the_stream_does_not_tell_the_key() {
    let document = json!({ "error": { "message": format!("no {KEY} here") } });
    assert_eq!(
        failure(Answer::events(&event(&document))).await,
        ModelError::Broken { said: None }
    );
}

#[tokio::test]
async fn a_reason_that_is_no_good_end_is_told() {
    for (reason, expected) in [
        ("content_filter", ModelError::Filtered),
        ("error", ModelError::Broken { said: None }),
    ] {
        let talk = talk_about([Answer::events(&[&says("How to"), &ends(reason), DONE].concat())]).await;
        assert_eq!(talk.outcome, Err(expected));
        assert_eq!(talk.handed_on, ["How to"]);
    }
}

#[tokio::test]
async fn an_empty_reason_is_no_end() {
    assert_eq!(
        failure(Answer::events(&(says("half") + &ends("")))).await,
        ModelError::CutOff
    );
}
