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

#[tokio::test]
async fn an_earlier_value_is_listed_put_back_and_forgotten_without_being_shown() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for value in ["canary-1", "canary-2", "canary-3"] {
        let stored = json!({ "secrets": [{ "name": "A_KEY", "value": value }], "replace": true });
        let put = server.post("/api/v1/secrets/batch").bearer(&ada.token).json(&stored);
        assert_eq!(put.send().await.status, 200);
    }
    let versions = || server.get("/api/v1/secrets/A_KEY/versions").bearer(&ada.token);
    let listed = versions().send().await;
    let numbers = |listed: &serde_json::Value| -> Vec<(i64, bool)> {
        let versions = listed["versions"].as_array().unwrap();
        let facts = versions.iter().map(|version| {
            let number = version["version"].as_i64().unwrap();
            (number, version["in_force"].as_bool().unwrap())
        });
        facts.collect()
    };
    assert_eq!(numbers(&listed.json()), [(3, true), (2, false), (1, false)]);
    assert!(!listed.text().contains("canary"), "{}", listed.text());

    let put_back = |version: i64| {
        server
            .post("/api/v1/secrets/A_KEY/put-back")
            .bearer(&ada.token)
            .json(&json!({ "version": version }))
    };
    let done = put_back(1).send().await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(!done.text().contains("canary"));
    assert_eq!(server.everything(&ada).await.1["A_KEY"], "canary-1");
    assert_eq!(
        numbers(&versions().send().await.json()),
        [(4, true), (3, false), (2, false), (1, false)]
    );
    // The one in force, and one that never was.
    for version in [4, 7, -1] {
        put_back(version).send().await.problem(404, "not-found");
    }
    let outdated = put_back(2).header("if-match", "\"0\"").send().await;
    outdated.problem(412, "changed");

    let forget = || server.delete("/api/v1/secrets/A_KEY/versions").bearer(&ada.token);
    assert_eq!(forget().send().await.status, 204);
    assert_eq!(numbers(&versions().send().await.json()), [(4, true)]);
    assert_eq!(server.everything(&ada).await.1["A_KEY"], "canary-1");
    let activity = server.get("/api/v1/activity").bearer(&ada.token).send().await;
    for kind in ["secret.put_back", "secret.history_forgotten"] {
        assert!(activity.text().contains(kind), "{}", activity.text());
    }
    server.stop().await;
}

#[tokio::test]
async fn as_many_earlier_values_are_kept_as_the_settings_say() {
    let server = TestServer::start_with(&[("STRONGROOM_KEPT_VERSIONS", "2")]).await;
    let ada = server.user("ada").await;
    for number in 1..=5 {
        let stored = json!({ "secrets": [{ "name": "A_KEY", "value": format!("v{number}") }], "replace": true });
        let put = server.post("/api/v1/secrets/batch").bearer(&ada.token).json(&stored);
        assert_eq!(put.send().await.status, 200);
    }
    let listed = server
        .get("/api/v1/secrets/A_KEY/versions")
        .bearer(&ada.token)
        .send()
        .await;
    let versions = listed.json()["versions"].as_array().unwrap().clone();
    let numbers: Vec<_> = versions
        .iter()
        .map(|version| version["version"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [5, 4, 3]);
    server.stop().await;
}
