use serde_json::{Value, json};

use crate::support::TestServer;

#[tokio::test]
async fn a_fetch_is_recorded_with_its_names_and_without_its_values() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "API_KEY", "canary").await;
    let (id, token) = server.open(&ada, json!({ "label": "nightly" })).await;
    server.get("/api/v1/sandbox/env").bearer(&token).send().await;

    let answer = server.get("/api/v1/activity").bearer(&ada.token).send().await;
    let newest = answer.json()["items"][0].clone();
    assert_eq!(newest["kind"], "env.fetched", "{newest}");
    assert_eq!(
        (&newest["names"], &newest["sandbox_id"]),
        (&json!(["API_KEY"]), &json!(id))
    );
    assert_eq!(newest["address"], "127.0.0.1");
    assert!(!answer.text().contains("canary"));

    let secret = server
        .get("/api/v1/secrets/API_KEY")
        .bearer(&ada.token)
        .send()
        .await
        .json();
    assert_eq!(secret["last_used_by"], "nightly");
    server.stop().await;
}

#[tokio::test]
async fn records_come_in_pages_without_gaps_or_doubles() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for index in 0..7 {
        server.store(&ada, &format!("KEY_{index}"), "x").await;
    }
    let mut seen: Vec<Value> = Vec::new();
    let mut path = "/api/v1/activity?limit=3".to_owned();
    loop {
        let page = server.get(&path).bearer(&ada.token).send().await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/activity?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    let all = server
        .get("/api/v1/activity?limit=200")
        .bearer(&ada.token)
        .send()
        .await
        .json();
    let all: Vec<Value> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    assert_eq!(seen, all);
    assert!(all.len() >= 7);
    server.stop().await;
}

#[tokio::test]
async fn wrong_parameters_are_told() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for query in ["limit=0", "limit=201", "limit=all"] {
        let answer = server
            .get(&format!("/api/v1/activity?{query}"))
            .bearer(&ada.token)
            .send()
            .await;
        answer.invalid("limit", "limit.range");
    }
    server
        .get("/api/v1/activity?page=2")
        .bearer(&ada.token)
        .send()
        .await
        .invalid("", "unknown");
    let answer = server
        .get("/api/v1/activity?cursor=nonsense")
        .bearer(&ada.token)
        .send()
        .await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    server.stop().await;
}
