use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn a_secret_is_stored_listed_changed_and_deleted_and_its_value_never_comes_back() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let body = json!({ "name": "X_BEARER_TOKEN", "value": "canary-1", "description": "Read access to the X API" });

    let created = server
        .post("/api/v1/secrets")
        .bearer(&ada.token)
        .json(&body)
        .send()
        .await;
    assert_eq!(created.status, 201, "{}", created.text());
    assert_eq!(created.header("location"), "/api/v1/secrets/X_BEARER_TOKEN");
    assert_eq!(created.json()["description"], "Read access to the X API");

    let got = server
        .get("/api/v1/secrets/X_BEARER_TOKEN")
        .bearer(&ada.token)
        .send()
        .await;
    assert_eq!(got.header("etag"), created.header("etag"));
    assert_eq!(got.json()["etag"], got.header("etag"));

    let change = json!({ "value": "canary-2", "description": "" });
    let changed = server
        .patch("/api/v1/secrets/X_BEARER_TOKEN")
        .bearer(&ada.token)
        .json(&change)
        .send()
        .await;
    assert_eq!(
        (changed.status, changed.json()["description"].as_str()),
        (200, Some(""))
    );
    assert_ne!(changed.header("etag"), created.header("etag"));

    let list = server.get("/api/v1/secrets").bearer(&ada.token).send().await;
    assert_eq!(list.json()["secrets"].as_array().unwrap().len(), 1);
    for answer in [&created, &got, &changed, &list] {
        assert!(!answer.text().contains("canary"), "{}", answer.text());
    }

    let deleted = server
        .delete("/api/v1/secrets/X_BEARER_TOKEN")
        .bearer(&ada.token)
        .send()
        .await;
    assert_eq!((deleted.status, deleted.text()), (204, ""));
    server
        .get("/api/v1/secrets/X_BEARER_TOKEN")
        .bearer(&ada.token)
        .send()
        .await
        .problem(404, "not-found");
    server
        .delete("/api/v1/secrets/X_BEARER_TOKEN")
        .bearer(&ada.token)
        .send()
        .await
        .problem(404, "not-found");
    server.stop().await;
}

#[tokio::test]
async fn a_change_based_on_an_old_reading_is_refused_and_changes_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let first = server.store(&ada, "API_KEY", "one").await.header("etag").to_owned();
    let change = |value: &str| {
        server
            .patch("/api/v1/secrets/API_KEY")
            .bearer(&ada.token)
            .json(&json!({ "value": value }))
    };

    let second = change("two").header("if-match", &first).send().await;
    assert_eq!(second.status, 200, "{}", second.text());
    change("three")
        .header("if-match", &first)
        .send()
        .await
        .problem(412, "changed");
    assert_eq!(server.everything(&ada).await.1, json!({ "API_KEY": "two" }));
    assert_eq!(change("three").header("if-match", "*").send().await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_conflict_and_keeps_its_value() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "API_KEY", "one").await;
    let before = server.everything(&ada).await;
    let again = server
        .post("/api/v1/secrets")
        .bearer(&ada.token)
        .json(&json!({ "name": "API_KEY", "value": "two" }));
    let problem = again.send().await.problem(409, "taken");
    assert_eq!(problem["errors"][0]["rule"], "name.taken");
    assert_eq!(problem["names"], json!(["API_KEY"]));
    assert_eq!(server.everything(&ada).await, before);
    server.stop().await;
}

#[tokio::test]
async fn a_batch_is_stored_whole_or_not_at_all() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "B", "old").await;
    let before = server.everything(&ada).await;
    let batch = |replace: bool, last: &str| {
        let secrets =
            json!([{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }, { "name": last, "value": "3" }]);
        let body = json!({ "secrets": secrets, "replace": replace });
        server.post("/api/v1/secrets/batch").bearer(&ada.token).json(&body)
    };

    batch(false, "C").send().await.problem(409, "taken");
    batch(true, "c")
        .send()
        .await
        .invalid("secrets.2.name", "name.character");
    assert_eq!(server.everything(&ada).await, before);

    let stored = batch(true, "C").send().await;
    assert_eq!(
        (stored.status, stored.json()),
        (200, json!({ "created": 2, "replaced": 1 }))
    );
    assert_eq!(server.everything(&ada).await.1, json!({ "A": "1", "B": "2", "C": "3" }));
    server.stop().await;
}

#[tokio::test]
async fn a_value_is_kept_byte_for_byte() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let value = "\u{feff} line one\r\nline \"two\"\n\t$HOME \u{1f511}\u{200b} \n\n";
    server.store(&ada, "MULTI_LINE", value).await;
    assert_eq!(server.everything(&ada).await.1, json!({ "MULTI_LINE": value }));
    server.stop().await;
}
