use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_the_limit() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for (path, limit) in [
        ("/api/v1/secrets", 512 * 1024),
        ("/api/v1/secrets/batch", 8 * 1024 * 1024),
        ("/api/v1/sandboxes", 256 * 1024),
    ] {
        let body = vec![b' '; limit + 1];
        let answer = server
            .post(path)
            .bearer(&ada.token)
            .bytes("application/json", body)
            .send()
            .await;
        assert_eq!(answer.problem(413, "too-large")["limit"], limit);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_hides_its_length_is_refused_where_it_gets_too_large() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let pieces = vec![vec![b' '; 64 * 1024]; 9];
    let answer = server
        .post("/api/v1/secrets")
        .bearer(&ada.token)
        .json_in_pieces(pieces)
        .send()
        .await;
    answer.problem(413, "too-large");
    let pieces = vec![br#"{"name":"IN_PIE"#.to_vec(), br#"CES","value":"1"}"#.to_vec()];
    let answer = server
        .post("/api/v1/secrets")
        .bearer(&ada.token)
        .json_in_pieces(pieces)
        .send()
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_and_stores_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let before = server.everything(&ada).await;
    let all = ["/api/v1/secrets", "/api/v1/secrets/batch", "/api/v1/sandboxes"];
    // These two are wrong for other calls before they are wrong as JSON.
    let one = ["/api/v1/secrets"];
    for (paths, body) in [
        (all.as_slice(), ""),
        (&all, "name=API_KEY&value=canary"),
        (&one, r#"{"name":"API_KEY","value":"canary""#),
        (&one, r#"{"name":"API_KEY","value":"canary"} {}"#),
    ] {
        for path in paths {
            let call = server
                .post(path)
                .bearer(&ada.token)
                .bytes("application/json", body.to_owned());
            let answer = call.send().await;
            answer.problem(400, "not-json");
            assert!(!answer.text().contains("canary"), "{}", answer.text());
        }
    }
    assert_eq!(server.everything(&ada).await, before);
    server.stop().await;
}

#[tokio::test]
async fn a_body_of_another_media_type_is_refused() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let body = json!({ "name": "API_KEY", "value": "canary" }).to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let call = server
            .post("/api/v1/secrets")
            .bearer(&ada.token)
            .bytes(media_type, body.clone());
        call.send().await.problem(415, "media-type");
    }
    let call = server
        .post("/api/v1/secrets")
        .bearer(&ada.token)
        .bytes("text/plain", body)
        .without("content-type");
    call.send().await.problem(415, "media-type");
    assert_eq!(server.everything(&ada).await.1, json!({}));
    server.stop().await;
}

#[tokio::test]
async fn wrong_types_missing_and_unknown_fields_are_named_without_what_was_sent() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for (path, body, field, rule) in [
        (
            "/api/v1/secrets",
            json!({ "name": 1234567, "value": "v" }),
            "name",
            "type",
        ),
        (
            "/api/v1/secrets",
            json!({ "name": "A", "value": ["canary"] }),
            "value",
            "type",
        ),
        (
            "/api/v1/secrets",
            json!({ "name": "A", "value": 1234567 }),
            "value",
            "type",
        ),
        (
            "/api/v1/secrets",
            json!({ "name": "A", "value": null }),
            "value",
            "type",
        ),
        ("/api/v1/secrets", json!({ "name": "A" }), "value", "required"),
        (
            "/api/v1/secrets",
            json!({ "name": "A", "value": "v", "desc": "canary" }),
            "",
            "unknown",
        ),
        ("/api/v1/secrets", json!("canary"), "", "type"),
        (
            "/api/v1/secrets/batch",
            json!({ "secrets": [{ "name": "A", "value": {} }] }),
            "secrets.0.value",
            "type",
        ),
        (
            "/api/v1/secrets/batch",
            json!({ "secrets": "canary" }),
            "secrets",
            "type",
        ),
        (
            "/api/v1/sandboxes",
            json!({ "ttl_seconds": "canary" }),
            "ttl_seconds",
            "type",
        ),
        (
            "/api/v1/sandboxes",
            json!({ "ttl_seconds": -1234567 }),
            "ttl_seconds",
            "type",
        ),
        (
            "/api/v1/sandboxes",
            json!({ "names": ["lower"] }),
            "names.0",
            "name.character",
        ),
    ] {
        let answer = server.post(path).bearer(&ada.token).json(&body).send().await;
        answer.invalid(field, rule);
        assert!(
            !answer.text().contains("canary") && !answer.text().contains("1234567"),
            "{}",
            answer.text()
        );
    }
    assert_eq!(server.everything(&ada).await.1, json!({}));
    server.stop().await;
}

#[tokio::test]
async fn an_empty_change_is_refused() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "API_KEY", "one").await;
    let change = server
        .patch("/api/v1/secrets/API_KEY")
        .bearer(&ada.token)
        .json(&json!({}));
    change.send().await.invalid("", "required");
    server.stop().await;
}

#[tokio::test]
async fn unknown_calls_and_methods_are_problems_too() {
    let server = TestServer::start().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v2/secrets",
        "/api/v1/secrets/A/value",
        "/api/ui/no-such-function",
    ] {
        server.get(path).send().await.problem(404, "not-found");
        server.post(path).send().await.problem(404, "not-found");
    }
    let answer = server.call("PUT", "/api/v1/secrets").send().await;
    answer.problem(405, "method-not-allowed");
    let mut allowed: Vec<_> = answer.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
    server
        .call("TRACE", "/livez")
        .send()
        .await
        .problem(405, "method-not-allowed");
    server.stop().await;
}
