use serde_json::{Value, json};

use crate::support::{Answer, TestServer, User};

async fn create(server: &TestServer, user: &User, body: &Value) -> Answer {
    server
        .post("/api/v1/secrets")
        .bearer(&user.token)
        .json(body)
        .send()
        .await
}

#[tokio::test]
async fn a_bad_name_is_told_with_its_rule_and_stores_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let before = server.everything(&ada).await;
    let long = "A".repeat(129);
    for (name, rule) in [
        ("", "name.empty"),
        ("api_key", "name.character"),
        ("API KEY", "name.character"),
        ("API-KEY", "name.character"),
        ("1_KEY", "name.leading_digit"),
        (long.as_str(), "name.too_long"),
        ("\u{0410}PI_KEY", "name.character"),
        ("ＡPI_KEY", "name.character"),
        ("API_KEY\u{200b}", "name.character"),
        ("API_KEY\n", "name.character"),
        ("API=KEY", "name.character"),
        ("PATH", "name.reserved"),
        ("LD_PRELOAD", "name.reserved"),
        ("NODE_OPTIONS", "name.reserved"),
        ("STRONGROOM_TOKEN", "name.reserved"),
    ] {
        create(&server, &ada, &json!({ "name": name, "value": "canary" }))
            .await
            .invalid("name", rule);
    }
    assert_eq!(server.everything(&ada).await, before);
    let longest = "A".repeat(128);
    assert_eq!(
        create(&server, &ada, &json!({ "name": longest, "value": "x" }))
            .await
            .status,
        201
    );
    server.stop().await;
}

#[tokio::test]
async fn a_bad_value_is_told_with_its_rule_without_being_repeated_and_stores_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "KEPT", "as it is").await;
    let before = server.everything(&ada).await;
    let too_long = format!("canary{}", "x".repeat(65_536 - 5));
    for (value, rule) in [
        ("", "value.empty"),
        ("canary\0", "value.nul"),
        (too_long.as_str(), "value.too_long"),
    ] {
        let answer = create(&server, &ada, &json!({ "name": "API_KEY", "value": value })).await;
        answer.invalid("value", rule);
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        let change = server
            .patch("/api/v1/secrets/KEPT")
            .bearer(&ada.token)
            .json(&json!({ "value": value }));
        change.send().await.invalid("value", rule);
    }
    assert_eq!(server.everything(&ada).await, before);
    server.stop().await;
}

#[tokio::test]
async fn the_longest_value_is_taken_however_json_writes_it() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let longest = "\u{1}".repeat(65_536);
    server.store(&ada, "LONGEST", &longest).await;
    assert_eq!(server.everything(&ada).await.1, json!({ "LONGEST": longest }));
    server.stop().await;
}

#[tokio::test]
async fn a_value_that_is_not_utf8_is_refused_with_the_place() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let before = server.everything(&ada).await;
    let body = b"{\"name\":\"API_KEY\",\"value\":\"canary\xff\"}".to_vec();
    let call = server
        .post("/api/v1/secrets")
        .bearer(&ada.token)
        .bytes("application/json", body);
    let problem = call.send().await.problem(400, "not-json");
    assert!(problem["detail"].as_str().unwrap().contains("byte 34"), "{problem}");
    let lone = br#"{"name":"API_KEY","value":"canary\ud800"}"#.to_vec();
    let call = server
        .post("/api/v1/secrets")
        .bearer(&ada.token)
        .bytes("application/json", lone);
    call.send().await.problem(400, "not-json");
    assert_eq!(server.everything(&ada).await, before);
    server.stop().await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let body = json!({ "name": "lower", "value": "", "description": "d".repeat(501) });
    let answer = create(&server, &ada, &body).await;
    for field in ["name", "value", "description"] {
        let errors = answer.json()["errors"].clone();
        assert!(
            errors.as_array().unwrap().iter().any(|error| error["field"] == field),
            "{field}: {errors}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn more_than_one_environment_holds_is_refused_when_saving_with_the_total() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let value = "x".repeat(65_000);
    for index in 0..16 {
        server.store(&ada, &format!("BIG_{index}"), &value).await;
    }
    let before = server.everything(&ada).await;
    let problem = create(&server, &ada, &json!({ "name": "ONE_MORE", "value": value }))
        .await
        .problem(422, "environment-full");
    assert_eq!(problem["limit"], 1_048_576);
    assert!(problem["total"].as_u64().unwrap() > 1_048_576);
    let batch = json!({ "secrets": [{ "name": "ONE_MORE", "value": value }], "replace": true });
    let answer = server
        .post("/api/v1/secrets/batch")
        .bearer(&ada.token)
        .json(&batch)
        .send()
        .await;
    answer.problem(422, "environment-full");
    assert_eq!(server.everything(&ada).await, before);
    server.stop().await;
}

#[tokio::test]
async fn an_account_holds_as_many_secrets_as_the_operator_allows() {
    let server = TestServer::start_with(&[("STRONGROOM_MAX_SECRETS", "2")]).await;
    let ada = server.user("ada").await;
    server.store(&ada, "ONE", "1").await;
    server.store(&ada, "TWO", "2").await;
    let problem = create(&server, &ada, &json!({ "name": "THREE", "value": "3" }))
        .await
        .problem(422, "too-many");
    assert_eq!(problem["limit"], 2);
    assert_eq!(server.everything(&ada).await.1, json!({ "ONE": "1", "TWO": "2" }));
    server.stop().await;
}
