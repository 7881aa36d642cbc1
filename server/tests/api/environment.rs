use serde_json::{Value, json};

use crate::support::{Answer, TestServer, User};

async fn with_secrets(server: &TestServer) -> User {
    let ada = server.user("ada").await;
    for (name, value) in [("B_KEY", "two words"), ("A_KEY", "it's"), ("C_KEY", "three")] {
        server.store(&ada, name, value).await;
    }
    ada
}

async fn env(server: &TestServer, token: &str, query: &str) -> Answer {
    server
        .get(&format!("/api/v1/sandbox/env{query}"))
        .bearer(token)
        .send()
        .await
}

#[tokio::test]
async fn a_sandbox_gets_everything_in_order_as_json_with_the_end_of_its_session() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    let (_, token) = server.open(&ada, json!({})).await;
    let answer = env(&server, &token, "").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json")
    );
    assert_eq!(answer.text(), r#"{"A_KEY":"it's","B_KEY":"two words","C_KEY":"three"}"#);
    let expires = answer.header("strongroom-session-expires");
    assert!(
        expires.len() == "2026-01-02T03:04:05.678Z".len() && expires.ends_with('Z'),
        "{expires}"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    server.stop().await;
}

#[tokio::test]
async fn each_format_says_its_type_and_an_unknown_one_is_told_the_four() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    let (_, token) = server.open(&ada, json!({})).await;
    assert!(
        env(&server, &token, "?format=shell")
            .await
            .text()
            .contains(r"export A_KEY='it'\''s'")
    );
    assert!(
        env(&server, &token, "?format=docker")
            .await
            .text()
            .contains("B_KEY=two words\n")
    );
    for format in ["dotenv", "shell", "docker"] {
        let answer = env(&server, &token, &format!("?format={format}")).await;
        assert!(answer.header("content-type").starts_with("text/plain"), "{format}");
    }
    let problem = env(&server, &token, "?format=yaml").await;
    problem.invalid("format", "format.unknown");
    assert!(problem.text().contains("json, dotenv, shell or docker"));
    server.stop().await;
}

#[tokio::test]
async fn what_a_format_cannot_carry_is_refused_with_the_names() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    server.store(&ada, "PEM", "canary\ncanary").await;
    let (_, token) = server.open(&ada, json!({})).await;
    let answer = env(&server, &token, "?format=docker").await;
    let problem = answer.problem(422, "unrepresentable");
    assert_eq!(problem["names"], json!(["PEM"]));
    assert!(!answer.text().contains("canary"), "{}", answer.text());
    assert_eq!(env(&server, &token, "?format=docker&only=A_KEY").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn only_narrows_and_leaves_out_what_does_not_exist() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    let (_, token) = server.open(&ada, json!({})).await;
    let answer = env(&server, &token, "?only=C_KEY,NOT_THERE&only=A_KEY").await;
    assert_eq!(answer.json(), json!({ "A_KEY": "it's", "C_KEY": "three" }));
    env(&server, &token, "?only=").await.invalid("only", "name.empty");
    env(&server, &token, "?onyl=A_KEY").await.invalid("", "unknown");
    server.stop().await;
}

#[tokio::test]
async fn a_session_with_names_holds_these_and_no_others() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    let (_, token) = server.open(&ada, json!({ "names": ["A_KEY", "LATER"] })).await;
    assert_eq!(env(&server, &token, "").await.json(), json!({ "A_KEY": "it's" }));
    assert_eq!(env(&server, &token, "?only=B_KEY").await.json(), json!({}));
    server.store(&ada, "LATER", "now").await;
    assert_eq!(
        env(&server, &token, "").await.json(),
        json!({ "A_KEY": "it's", "LATER": "now" })
    );
    let problem = env(&server, &token, "?require=A_KEY,B_KEY")
        .await
        .problem(403, "outside-session");
    assert_eq!(problem["names"], json!(["B_KEY"]));
    server.stop().await;
}

#[tokio::test]
async fn what_is_required_and_missing_is_named() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    let (_, token) = server.open(&ada, json!({})).await;
    let problem = env(&server, &token, "?require=A_KEY,X_TOKEN,Y_TOKEN")
        .await
        .problem(424, "missing-secrets");
    assert_eq!(problem["missing"], json!(["X_TOKEN", "Y_TOKEN"]));
    assert_eq!(env(&server, &token, "?require=A_KEY").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_deleted_secret_is_gone_at_the_next_fetch_and_a_changed_one_is_new() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    let (_, token) = server.open(&ada, json!({})).await;
    env(&server, &token, "").await;
    server.delete("/api/v1/secrets/A_KEY").bearer(&ada.token).send().await;
    server
        .patch("/api/v1/secrets/B_KEY")
        .bearer(&ada.token)
        .json(&json!({ "value": "new" }))
        .send()
        .await;
    assert_eq!(
        env(&server, &token, "").await.json(),
        json!({ "B_KEY": "new", "C_KEY": "three" })
    );
    server.stop().await;
}

#[tokio::test]
async fn wrong_waits_are_told() {
    let server = TestServer::start().await;
    let ada = with_secrets(&server).await;
    let (_, token) = server.open(&ada, json!({})).await;
    for query in [
        "?wait=61&require=A_KEY",
        "?wait=-1&require=A_KEY",
        "?wait=soon&require=A_KEY",
    ] {
        env(&server, &token, query).await.invalid("wait", "wait.range");
    }
    env(&server, &token, "?wait=5").await.invalid("wait", "wait.require");
    let invalid: Value = env(&server, &token, "?require=lower").await.json();
    assert_eq!(invalid["errors"][0]["field"], "require");
    server.stop().await;
}
