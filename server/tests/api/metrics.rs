use serde_json::json;

use crate::support::{Call, TestServer};

#[tokio::test]
async fn metrics_are_off_unless_asked_for_and_never_on_the_public_address() {
    let server = TestServer::start().await;
    assert_eq!(server.running().metrics_address(), None);
    assert_eq!(server.get("/metrics").send().await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn requests_and_fetches_are_counted_without_anything_of_a_users() {
    let server = TestServer::start_with(&[("STRONGROOM_METRICS_ADDR", "127.0.0.1:0")]).await;
    let ada = server.user("ada").await;
    server.store(&ada, "API_KEY", "canary").await;
    let (id, token) = server.open(&ada, json!({})).await;
    server.get("/api/v1/sandbox/env").bearer(&token).send().await;
    server
        .get("/api/v1/sandbox/env?require=NOT_THERE")
        .bearer(&token)
        .send()
        .await;
    server.get("/api/v1/sandbox/env").bearer("sr_sbx_nonsense").send().await;
    server
        .delete(&format!("/api/v1/sandboxes/{id}"))
        .bearer(&ada.token)
        .send()
        .await;
    server.get("/made/up/path").send().await;

    let address = server.running().metrics_address().unwrap();
    let answer = Call::new(address, "GET", "/metrics").send().await;
    assert!(
        answer
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let text = answer.text();
    for line in [
        r#"strongroom_env_fetches_total{outcome="Served"} 1"#,
        r#"strongroom_env_fetches_total{outcome="Missing"} 1"#,
        r#"strongroom_env_fetches_total{outcome="Unauthenticated"} 1"#,
        r#"strongroom_http_requests_total{method="DELETE",route="/api/v1/sandboxes/{id}",status="204"} 1"#,
        r#"strongroom_http_requests_total{method="GET",route="none",status="404"} 1"#,
        "strongroom_http_requests_in_flight 0",
        r#"strongroom_http_request_duration_seconds_count{method="GET",route="/api/v1/sandbox/env"} 3"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    for private in ["canary", "ada", "API_KEY", id.as_str(), "127.0.0.1", "made"] {
        assert!(!text.contains(private), "{private}");
    }
    server.stop().await;
}
