use serde_json::json;

use crate::support::TestServer;

async fn recorded_address(server: &TestServer, forwarded: &str) -> String {
    let ada = server.user("ada").await;
    let (_, token) = server.open(&ada, json!({})).await;
    server
        .get("/api/v1/sandbox/env")
        .bearer(&token)
        .header("x-forwarded-for", forwarded)
        .send()
        .await;
    let activity = server
        .get("/api/v1/activity?limit=1")
        .bearer(&ada.token)
        .send()
        .await
        .json();
    activity["items"][0]["address"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_a_stranger_says_of_its_address_is_not_believed() {
    let server = TestServer::start().await;
    assert_eq!(recorded_address(&server, "198.51.100.1").await, "127.0.0.1");
    server.stop().await;
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_whom_it_was_called_by_and_no_further() {
    let server = TestServer::start_with(&[("STRONGROOM_TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8")]).await;
    assert_eq!(
        recorded_address(&server, "192.0.2.66, 198.51.100.1, 10.1.2.3").await,
        "198.51.100.1"
    );
    server.stop().await;
}
