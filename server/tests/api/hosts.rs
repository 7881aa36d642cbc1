use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn a_name_that_is_not_ours_is_misdirected_everywhere() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io:3000",
        "0.0.0.0",
    ] {
        for path in ["/", "/sign-in", "/api/v1/secrets", "/api/openapi.json", "/no/such/page"] {
            let answer = server.get(path).bearer(&ada.token).header("host", host).send().await;
            answer.problem(421, "wrong-host");
        }
        let call = server.post("/api/v1/secrets").bearer(&ada.token).header("host", host);
        call.json(&json!({ "name": "API_KEY", "value": "x" }))
            .send()
            .await
            .problem(421, "wrong-host");
    }
    assert_eq!(server.everything(&ada).await.1, json!({}));
    server.stop().await;
}

#[tokio::test]
async fn loopback_names_reach_a_loopback_server() {
    let server = TestServer::start().await;
    for host in [
        "localhost",
        "LOCALHOST:9",
        "strongroom.localhost:3000",
        "127.0.0.1",
        "[::1]:3000",
    ] {
        assert_eq!(
            server.get("/api/openapi.json").header("host", host).send().await.status,
            200,
            "{host}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn behind_a_public_url_only_its_host_is_ours() {
    let server = TestServer::start_with(&[
        ("STRONGROOM_ADDR", "0.0.0.0:0"),
        ("STRONGROOM_PUBLIC_URL", "https://strongroom.example.org"),
    ])
    .await;
    let status = |host: &'static str| {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], server.running().address().port()));
        let call = crate::support::Call::new(address, "GET", "/api/openapi.json").header("host", host);
        async move { call.send().await.status }
    };
    assert_eq!(status("strongroom.example.org").await, 200);
    assert_eq!(status("localhost").await, 421);
    assert_eq!(status("www.strongroom.example.org").await, 421);
    server.stop().await;
}

#[tokio::test]
async fn no_host_and_two_hosts_are_bad_requests() {
    let server = TestServer::start().await;
    server.get("/").without("host").send().await.problem(400, "bad-request");
    server
        .get("/")
        .also("host", "localhost")
        .send()
        .await
        .problem(400, "bad-request");
    server.stop().await;
}
