//! Servers that keep one waiting, and people who do not wait.

use std::time::Duration;

use agent::model::{Message, ModelError, Patience};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use crate::server::{Answer, Piece, Server};
use crate::talk::{model, patience, says, talk};

const SHORT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_server_that_takes_the_connection_and_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let patience = Patience {
        first: SHORT,
        ..patience()
    };
    assert_eq!(talk(&model(&url, patience)).await.outcome, Err(ModelError::TimedOut));
}

#[tokio::test]
async fn an_answer_without_a_first_byte_is_given_up() {
    let server = Server::answering([Answer::pieces(vec![Piece::Silence])]).await;
    let patience = Patience {
        first: SHORT,
        ..patience()
    };
    assert_eq!(
        talk(&model(&server.url(), patience)).await.outcome,
        Err(ModelError::TimedOut)
    );
}

#[tokio::test]
async fn an_answer_that_falls_silent_is_given_up() {
    let pieces = vec![Piece::Bytes(says("well").into()), Piece::Silence];
    let server = Server::answering([Answer::pieces(pieces)]).await;
    let patience = Patience {
        between: SHORT,
        ..patience()
    };
    let talk = talk(&model(&server.url(), patience)).await;
    assert_eq!(talk.outcome, Err(ModelError::TimedOut));
    assert_eq!(talk.handed_on, ["well"]);
}

#[tokio::test]
async fn a_refusal_that_falls_silent_is_a_refusal() {
    let server = Server::answering([Answer::refusing(404, vec![Piece::Silence])]).await;
    let patience = Patience {
        between: SHORT,
        ..patience()
    };
    assert_eq!(
        talk(&model(&server.url(), patience)).await.outcome,
        Err(ModelError::NoSuchModel)
    );
}

#[tokio::test]
async fn an_answer_of_comments_alone_is_given_up() {
    let server = Server::answering([Answer::pieces(vec![Piece::Comments])]).await;
    let patience = Patience {
        whole: SHORT,
        ..patience()
    };
    assert_eq!(
        talk(&model(&server.url(), patience)).await.outcome,
        Err(ModelError::TimedOut)
    );
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(
        talk(&model(&url, patience())).await.outcome,
        Err(ModelError::Unreachable)
    );
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_unreachable() {
    let model = model("http://no-such-model.invalid/v1", patience());
    assert_eq!(talk(&model).await.outcome, Err(ModelError::Unreachable));
}

#[tokio::test]
async fn a_reply_that_nobody_wants_any_more_ends_at_the_server() {
    let (over, is_over) = oneshot::channel();
    let pieces = vec![Piece::Bytes(says("well").into()), Piece::Silence];
    let server = Server::answering([Answer::pieces(pieces).telling(over)]).await;
    let model = model(&server.url(), patience());
    let (sender, mut seen) = mpsc::unbounded_channel();
    let asking = tokio::spawn(async move {
        let messages = [Message::Person("hello".to_owned())];
        model
            .reply(&messages, &[], &mut |text| sender.send(text.to_owned()).unwrap())
            .await
    });
    assert_eq!(seen.recv().await.unwrap(), "well");
    asking.abort();
    tokio::time::timeout(Duration::from_secs(60), is_over)
        .await
        .expect("the server still sends")
        .unwrap();
}
