use crate::support::TestServer;

#[tokio::test]
async fn a_running_server_is_alive_and_ready_under_any_name() {
    let server = TestServer::start().await;
    for (path, status) in [("/livez", "up"), ("/readyz", "ready")] {
        let answer = server.get(path).header("host", "10.0.0.7:3000").send().await;
        assert_eq!((answer.status, answer.json()["status"].as_str()), (200, Some(status)));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_server_whose_database_is_gone_is_alive_but_not_ready() {
    let server = TestServer::start().await;
    server.vault.close().await;
    assert_eq!(server.get("/livez").send().await.status, 200);
    server.get("/readyz").send().await.problem(503, "unavailable");
    server.stop().await;
}

#[tokio::test]
async fn the_description_of_all_calls_is_served() {
    let server = TestServer::start().await;
    let answer = server.get("/api/openapi.json").send().await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json")
    );
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/api/v1/sandbox/env"]["get"].is_object());
    server.stop().await;
}
