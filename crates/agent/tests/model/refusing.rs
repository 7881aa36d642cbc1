//! Answers by status.

use std::time::Duration;

use agent::model::{ModelError, Patience};
use serde_json::json;

use crate::server::{Answer, Server};
use crate::talk::{KEY, failure, model, patience, saying, talk};

fn refusal(status: u16) -> Answer {
    let words = json!({ "error": { "message": format!("Incorrect API key provided: {KEY}."), "type": "some_error" } });
    Answer::document(status, words.to_string())
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    for (status, expected) in [
        (401, ModelError::Refused),
        (403, ModelError::Refused),
        (402, ModelError::NoCredit),
        (404, ModelError::NoSuchModel),
        (413, ModelError::TooMuch),
        (
            400,
            ModelError::Failed {
                status: 400,
                said: None,
            },
        ),
        (
            500,
            ModelError::Failed {
                status: 500,
                said: None,
            },
        ),
        (
            502,
            ModelError::Failed {
                status: 502,
                said: None,
            },
        ),
    ] {
        assert_eq!(failure(refusal(status)).await, expected);
    }
}

#[tokio::test]
async fn a_failure_is_told_in_the_servers_words() {
    let long = "word ".repeat(200);
    for (body, said) in [
        (
            json!({ "error": { "message": "tools[0] is odd\u{202e}\u{7}" } }).to_string(),
            Some("tools[0] is odd".to_owned()),
        ),
        (
            json!({ "error": "out of memory" }).to_string(),
            Some("out of memory".to_owned()),
        ),
        (
            json!({ "object": "error", "message": "bad template" }).to_string(),
            Some("bad template".to_owned()),
        ),
        (json!({ "detail": "Not now" }).to_string(), Some("Not now".to_owned())),
        (json!({ "error": long }).to_string(), Some(format!("{}…", &long[..240]))),
        ("<html>Bad Gateway</html>".to_owned(), None),
        (String::new(), None),
    ] {
        let error = failure(Answer::document(500, body)).await;
        assert_eq!(error, ModelError::Failed { status: 500, said });
    }
}

#[tokio::test]
async fn no_part_of_the_key_comes_back_in_the_servers_words() {
    for words in [KEY.to_owned(), KEY[4..].to_owned(), format!("got {}***", &KEY[..10])] {
        let error = failure(Answer::document(500, json!({ "error": words }).to_string())).await;
        assert_eq!(
            error,
            ModelError::Failed {
                status: 500,
                said: None
            }
        );
    }
}

#[tokio::test]
async fn servers_say_the_same_in_different_words() {
    for words in [
        json!({ "error": { "code": "context_length_exceeded", "message": "Too long." } }),
        json!({ "object": "error", "message": "This model's maximum context length is 4096 tokens." }),
        json!({ "error": { "code": 400, "message": "the request exceeds the available context size" } }),
    ] {
        assert_eq!(
            failure(Answer::document(400, words.to_string())).await,
            ModelError::TooMuch
        );
    }
    for words in [
        json!({ "error": { "message": "registry.ollama.ai/library/small does not support tools" } }),
        json!({ "message": "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set" }),
        json!({ "error": { "message": "tools param requires --jinja flag" } }),
    ] {
        assert_eq!(
            failure(Answer::document(400, words.to_string())).await,
            ModelError::NoTools
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = Server::answering([
        Answer::document(307, "").with("location", "/v1/elsewhere"),
        saying("should not be read"),
    ])
    .await;
    let talk = talk(&model(&server.url(), patience())).await;
    assert_eq!(talk.outcome, Err(ModelError::Redirected));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_twice() {
    for status in [429, 503] {
        let server = Server::answering([refusal(status), refusal(status), saying("now")]).await;
        let talk = talk(&model(&server.url(), patience())).await;
        assert_eq!(talk.outcome.unwrap().text, "now");
        assert_eq!(server.asked().len(), 3);
    }
}

#[tokio::test]
async fn a_server_that_stays_busy_is_left_alone() {
    let retry_after = None;
    for (status, expected) in [
        (429, ModelError::RateLimited { retry_after }),
        (503, ModelError::Busy { retry_after }),
    ] {
        let busy = || refusal(status);
        let server = Server::answering([busy(), busy(), busy(), saying("too late")]).await;
        let talk = talk(&model(&server.url(), patience())).await;
        assert_eq!(talk.outcome, Err(expected));
        assert_eq!(server.asked().len(), 3);
    }
}

/// Would not ask again by itself: only a server that says when is.
fn only_if_told() -> Patience {
    Patience {
        again: Duration::from_secs(3600),
        ..patience()
    }
}

#[tokio::test]
async fn a_server_that_says_when_is_asked_then() {
    for when in ["0", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let server = Server::answering([refusal(429).with("retry-after", when), saying("now")]).await;
        let talk = talk(&model(&server.url(), only_if_told())).await;
        assert_eq!(talk.outcome.unwrap().text, "now", "retry-after: {when}");
    }
}

#[tokio::test]
async fn a_server_that_wants_long_to_be_left_alone_is() {
    let server = Server::answering([refusal(429).with("retry-after", "90"), saying("too early")]).await;
    let error = talk(&model(&server.url(), patience())).await.outcome.unwrap_err();
    let retry_after = Some(Duration::from_secs(90));
    assert_eq!(error, ModelError::RateLimited { retry_after });
    assert!(error.to_string().contains("in 90 seconds"), "{error}");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn what_will_not_get_better_is_not_asked_again() {
    let no_credit = json!({ "error": { "code": "insufficient_quota", "message": "You exceeded your current quota" } });
    for (answer, expected) in [
        (Answer::document(429, no_credit.to_string()), ModelError::NoCredit),
        (
            refusal(500),
            ModelError::Failed {
                status: 500,
                said: None,
            },
        ),
        (refusal(401), ModelError::Refused),
    ] {
        let server = Server::answering([answer, saying("not asked")]).await;
        assert_eq!(talk(&model(&server.url(), patience())).await.outcome, Err(expected));
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_without_end_ends() {
    let endless = "x".repeat(1 << 20);
    assert_eq!(failure(Answer::document(404, endless)).await, ModelError::NoSuchModel);
}
