//! Replies that are too long.

use agent::model::{ModelError, limits};
use serde_json::{Value, json};

use crate::server::{Answer, Piece};
use crate::talk::{delta, ends, failure, reply, says, talk_about};

#[tokio::test]
async fn text_is_taken_up_to_its_limit_and_not_beyond() {
    let part = "x".repeat(1024);
    let full = says(&part).repeat(limits::TEXT / 1024);
    assert_eq!(
        reply(Answer::events(&(full.clone() + &ends("stop")))).await.text.len(),
        limits::TEXT
    );

    let talk = talk_about([Answer::events(&[full, says("y"), ends("stop")].concat())]).await;
    assert_eq!(talk.outcome, Err(ModelError::TooLong));
    assert_eq!(talk.handed_on.concat().len(), limits::TEXT);
}

fn call(index: usize, arguments: &str) -> Value {
    json!({ "index": index, "id": format!("call_{index}"), "function": { "name": "run_code", "arguments": arguments } })
}

#[tokio::test]
async fn arguments_are_taken_up_to_their_limit_and_not_beyond() {
    let room = limits::ARGUMENTS - "run_code".len();
    for (length, fits) in [(room, true), (room + 1, false)] {
        let call = delta(&json!({ "tool_calls": [call(0, &"x".repeat(length))] }));
        let talk = talk_about([Answer::events(&(call + &ends("tool_calls")))]).await;
        assert_eq!(talk.outcome.is_ok(), fits, "{length} bytes");
    }
}

#[tokio::test]
async fn calls_are_taken_up_to_their_limit_and_not_beyond() {
    for (count, fits) in [(limits::CALLS, true), (limits::CALLS + 1, false)] {
        let events: String = (0..count)
            .map(|index| delta(&json!({ "tool_calls": [call(index, "{}")] })))
            .collect();
        let talk = talk_about([Answer::events(&(events + &ends("tool_calls")))]).await;
        assert_eq!(talk.outcome.map(|reply| reply.calls.len()).ok(), fits.then_some(count));
    }
}

/// 4 MiB in chunks of 64 KiB.
fn long_line(begin: &str) -> Answer {
    let mut pieces = vec![Piece::Bytes(begin.into())];
    pieces.extend((0..64).map(|_| Piece::Bytes(vec![b'x'; 64 * 1024])));
    Answer::pieces(pieces)
}

#[tokio::test]
async fn an_event_a_comment_or_a_document_without_end_is_not_kept() {
    for begin in [
        "data: ",
        "data: {\"choices\":[{\"delta\":{\"content\":\"",
        ": ",
        "{\"choices\":\"",
        "   x",
    ] {
        assert_eq!(failure(long_line(begin)).await, ModelError::TooLong, "{begin}");
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_without_end_is_not_read_for_ever() {
    let event = delta(&json!({ "reasoning_content": "x".repeat(32 * 1024) })).into_bytes();
    let pieces = (0..2200).map(|_| Piece::Bytes(event.clone())).collect();
    assert_eq!(failure(Answer::pieces(pieces)).await, ModelError::TooLong);
}

#[tokio::test]
async fn many_small_events_may_be_more_than_one_event_may_be() {
    let thought = delta(&json!({ "reasoning_content": "x".repeat(1024) }));
    let answer = Answer::events(
        &[&thought.repeat(3000), &says("yes"), &ends("stop")]
            .map(String::as_str)
            .concat(),
    );
    assert_eq!(reply(answer).await.text, "yes");
}
