use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn a_sandbox_is_opened_listed_without_its_token_and_closed() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let body = json!({ "label": "nightly", "ttl_seconds": 60, "names": ["API_KEY", "NOT_YET_THERE"] });
    let opened = server
        .post("/api/v1/sandboxes")
        .bearer(&ada.token)
        .json(&body)
        .send()
        .await;
    assert_eq!(opened.status, 201, "{}", opened.text());
    let (id, token) = (
        opened.json()["id"].as_str().unwrap().to_owned(),
        opened.json()["token"].clone(),
    );
    assert!(token.as_str().unwrap().starts_with("sr_sbx_"));
    assert_eq!(opened.header("location"), format!("/api/v1/sandboxes/{id}"));

    let list = server.get("/api/v1/sandboxes").bearer(&ada.token).send().await;
    let sandbox = &list.json()["sandboxes"][0];
    assert_eq!((&sandbox["id"], &sandbox["label"]), (&json!(id), &json!("nightly")));
    assert_eq!(sandbox["names"], json!(["API_KEY", "NOT_YET_THERE"]));
    assert!(!list.text().contains(token.as_str().unwrap()));

    let path = format!("/api/v1/sandboxes/{id}");
    assert_eq!(server.delete(&path).bearer(&ada.token).send().await.status, 204);
    server
        .delete(&path)
        .bearer(&ada.token)
        .send()
        .await
        .problem(404, "not-found");
    let list = server.get("/api/v1/sandboxes").bearer(&ada.token).send().await;
    assert_eq!(list.json(), json!({ "sandboxes": [] }));
    server.stop().await;
}

#[tokio::test]
async fn a_sandbox_lives_thirty_seconds_to_a_day_and_is_narrowed_to_something() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let open = |body| server.post("/api/v1/sandboxes").bearer(&ada.token).json(&body).send();
    for seconds in [0, 29, 86_401] {
        open(json!({ "ttl_seconds": seconds }))
            .await
            .invalid("ttl_seconds", "sandbox.ttl");
    }
    open(json!({ "names": [] })).await.invalid("names", "names.empty");
    open(json!({ "names": ["PATH"] }))
        .await
        .invalid("names.0", "name.reserved");
    open(json!({ "label": "two\nlines" }))
        .await
        .invalid("label", "label.text");
    for seconds in [30, 86_400] {
        assert_eq!(open(json!({ "ttl_seconds": seconds })).await.status, 201);
    }
    server.stop().await;
}
