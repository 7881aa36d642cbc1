use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;

use crate::support::{Answer, TestServer};

/// Long enough for a request to be waiting, however slow the machine.
const A_MOMENT: Duration = Duration::from_millis(300);

fn wait_for(server: &TestServer, token: &str, query: &str) -> tokio::task::JoinHandle<(Answer, Duration)> {
    let call = server.get(&format!("/api/v1/sandbox/env?{query}")).bearer(token);
    tokio::spawn(async move {
        let started = Instant::now();
        (call.send().await, started.elapsed())
    })
}

#[tokio::test]
async fn a_secret_that_is_saved_while_a_sandbox_waits_arrives_at_once() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (_, token) = server.open(&ada, json!({})).await;
    let waiting = wait_for(&server, &token, "require=X_TOKEN,Y_TOKEN&wait=30");
    sleep(A_MOMENT).await;
    server.store(&ada, "X_TOKEN", "one").await;
    sleep(A_MOMENT).await;
    assert!(!waiting.is_finished());
    server.store(&ada, "Y_TOKEN", "two").await;
    let (answer, took) = waiting.await.unwrap();
    assert_eq!(answer.json(), json!({ "X_TOKEN": "one", "Y_TOKEN": "two" }));
    assert!(took < Duration::from_secs(15), "{took:?}");
    server.stop().await;
}

#[tokio::test]
async fn when_the_wait_is_over_the_missing_names_are_told() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (_, token) = server.open(&ada, json!({})).await;
    let (answer, took) = wait_for(&server, &token, "require=X_TOKEN&wait=1").await.unwrap();
    assert_eq!(answer.problem(424, "missing-secrets")["missing"], json!(["X_TOKEN"]));
    assert!(
        (Duration::from_millis(900)..Duration::from_secs(15)).contains(&took),
        "{took:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_is_revoked_while_it_waits_gets_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (id, token) = server.open(&ada, json!({})).await;
    let waiting = wait_for(&server, &token, "require=X_TOKEN&wait=30");
    sleep(A_MOMENT).await;
    server
        .delete(&format!("/api/v1/sandboxes/{id}"))
        .bearer(&ada.token)
        .send()
        .await;
    let (answer, took) = waiting.await.unwrap();
    answer.problem(401, "unauthenticated");
    assert!(took < Duration::from_secs(15), "{took:?}");
    server.stop().await;
}

#[tokio::test]
async fn another_persons_secret_of_that_name_does_not_answer() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.user("ada").await, server.user("bob").await);
    let (_, token) = server.open(&ada, json!({})).await;
    let waiting = wait_for(&server, &token, "require=X_TOKEN&wait=2");
    sleep(A_MOMENT).await;
    server.store(&bob, "X_TOKEN", "bob's").await;
    waiting.await.unwrap().0.problem(424, "missing-secrets");
    server.stop().await;
}
