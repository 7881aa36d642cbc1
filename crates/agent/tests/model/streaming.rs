//! Text that comes in pieces.

use std::time::Duration;

use agent::model::{Message, Patience};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::server::{Answer, Piece, Server};
use crate::talk::{DONE, delta, ends, event, model, patience, reply, saying, says, talk, talk_about};

const TEXT: &str = "Grüße 🔑 – 秘密, né?";

fn in_pieces_of(size: usize, text: &str) -> Answer {
    Answer::pieces(
        text.as_bytes()
            .chunks(size)
            .map(|part| Piece::Bytes(part.to_vec()))
            .collect(),
    )
}

/// One event for each character of [`TEXT`].
fn spelled() -> String {
    let events: String = TEXT.chars().map(|ch| says(&ch.to_string())).collect();
    format!("{events}{}{DONE}", ends("stop"))
}

#[tokio::test]
async fn text_comes_whole_wherever_the_bytes_are_split() {
    for size in [1, 2, 3, 5, 7, 64, 100_000] {
        let talk = talk_about([in_pieces_of(size, &spelled())]).await;
        let reply = talk.outcome.unwrap();
        assert_eq!(reply.text, TEXT, "in pieces of {size}");
        assert!(!reply.cut && reply.calls.is_empty());
        assert_eq!(talk.handed_on.len(), TEXT.chars().count());
        assert_eq!(talk.handed_on.concat(), TEXT);
    }
}

#[tokio::test]
async fn all_three_line_ends_are_line_ends() {
    for line_end in ["\r\n", "\r"] {
        for size in [1, 2, 1000] {
            let answer = in_pieces_of(size, &spelled().replace('\n', line_end));
            assert_eq!(reply(answer).await.text, TEXT, "{line_end:?} in pieces of {size}");
        }
    }
}

#[tokio::test]
async fn text_is_handed_on_before_the_rest_is_there() {
    let (go_on, told) = oneshot::channel();
    let pieces = vec![
        Piece::Bytes(says("first").into()),
        Piece::When(told),
        Piece::Bytes([says(" second"), ends("stop")].concat().into()),
    ];
    let server = Server::answering([Answer::pieces(pieces)]).await;
    let model = model(&server.url(), patience());
    let (sender, mut seen) = mpsc::unbounded_channel();
    let asking = tokio::spawn(async move {
        let messages = [Message::Person("hello".to_owned())];
        model
            .reply(&messages, &[], &mut |text| sender.send(text.to_owned()).unwrap())
            .await
    });
    assert_eq!(seen.recv().await.unwrap(), "first");
    go_on.send(()).unwrap();
    assert_eq!(seen.recv().await.unwrap(), " second");
    assert_eq!(asking.await.unwrap().unwrap().text, "first second");
}

#[tokio::test]
async fn comments_other_fields_and_events_without_a_choice_are_passed_over() {
    let odd = [
        ": OPENROUTER PROCESSING\n\n",
        "retry: 3000\n\n",
        "id: 7\nevent: message\nsomething: else\n",
        &says("yes"),
        // Azure's first, and the count at the end.
        &event(&json!({ "choices": [], "prompt_filter_results": [] })),
        &event(&json!({ "choices": null, "x_provider": { "a": [1] } })),
        &ends("stop"),
        &event(&json!({ "choices": [], "usage": { "total_tokens": 3 }, "error": null })),
        DONE,
    ];
    assert_eq!(reply(Answer::events(&odd.concat())).await.text, "yes");
}

#[tokio::test]
async fn fields_may_be_missing_or_null() {
    let bare = [
        event(&json!({ "choices": [{ "delta": { "role": "assistant", "content": null, "tool_calls": null } }] })),
        event(&json!({ "choices": [{ "delta": null }] })),
        event(&json!({ "choices": [{ "delta": { "content": "yes" }, "finish_reason": "" }] })),
        event(&json!({ "choices": [{ "finish_reason": "stop" }] })),
    ];
    assert_eq!(reply(Answer::events(&bare.concat())).await.text, "yes");
}

#[tokio::test]
async fn a_reason_or_done_is_enough_of_an_end() {
    for end in [ends("stop"), DONE.to_owned()] {
        assert_eq!(
            reply(Answer::events(&(says("yes") + &end))).await.text,
            "yes",
            "ended by {end}"
        );
    }
}

#[tokio::test]
async fn text_in_parts_and_refusals_are_text_and_thoughts_are_not() {
    let events = [
        delta(&json!({ "reasoning_content": "hm", "content": "" })),
        delta(&json!({ "content": [{ "type": "text", "text": "I am " }, { "type": "reference", "ids": [1] }] })),
        delta(&json!({ "content": null, "refusal": "sorry" })),
        ends("stop"),
    ];
    assert_eq!(reply(Answer::events(&events.concat())).await.text, "I am sorry");
}

#[tokio::test]
async fn a_reply_that_reached_its_length_says_so() {
    let answer = Answer::events(&[&says("half a sen"), &ends("length"), DONE].concat());
    let reply = reply(answer).await;
    assert!(reply.cut);
    assert_eq!(reply.text, "half a sen");
}

#[tokio::test]
async fn an_answer_that_is_not_streamed_is_taken_too() {
    let document = json!({
        "id": "1", "object": "chat.completion", "usage": {},
        "choices": [{ "index": 0, "finish_reason": "tool_calls", "message": {
            "role": "assistant", "content": "One moment.",
            "tool_calls": [{ "id": "call_1", "type": "function", "function": { "name": "run_code", "arguments": "{\"code\":\"1\"}" } }]
        } }]
    });
    for answer in [
        Answer::document(200, format!("\n{document:#}\n")),
        Answer::events(&document.to_string()),
    ] {
        let talk = talk_about([answer]).await;
        let reply = talk.outcome.unwrap();
        assert_eq!(talk.handed_on, ["One moment."]);
        assert_eq!(reply.text, "One moment.");
        assert_eq!(reply.calls.len(), 1);
        assert_eq!(reply.calls[0].arguments, "{\"code\":\"1\"}");
    }
}

#[tokio::test]
async fn the_connections_end_is_not_waited_for_once_the_reason_is_known() {
    let pieces = vec![
        Piece::Bytes([says("yes"), ends("stop")].concat().into()),
        Piece::Silence,
    ];
    let server = Server::answering([Answer::pieces(pieces)]).await;
    let patient = Patience {
        between: Duration::from_secs(3600),
        whole: Duration::from_secs(3600),
        ..patience()
    };
    let model = model(&server.url(), patient);
    let talk = timeout(Duration::from_secs(60), talk(&model)).await.expect("it waits");
    assert_eq!(talk.outcome.unwrap().text, "yes");
}

#[tokio::test]
async fn a_connection_serves_several_rounds() {
    let server = Server::answering([saying("one"), saying("two")]).await;
    let model = model(&server.url(), patience());
    assert_eq!(talk(&model).await.outcome.unwrap().text, "one");
    assert_eq!(talk(&model).await.outcome.unwrap().text, "two");
}
