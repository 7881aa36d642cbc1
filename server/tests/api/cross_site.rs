use serde_json::json;

use crate::support::{Call, TestServer};

#[tokio::test]
async fn another_site_cannot_make_a_browser_change_anything() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    let attempts: [fn(Call) -> Call; 4] = [
        |call| {
            call.header("sec-fetch-site", "cross-site")
                .header("origin", "https://evil.example")
        },
        |call| {
            call.header("sec-fetch-site", "same-site")
                .header("origin", "http://evil.localhost")
        },
        |call| call.header("origin", "https://evil.example"),
        |call| call.header("origin", "null"),
    ];
    for attempt in attempts {
        for (path, _) in leptos::server_fn::axum::server_fn_paths() {
            attempt(server.post(path).cookie(&browser.session))
                .form("")
                .send()
                .await
                .problem(403, "cross-site");
        }
        let call = attempt(server.post("/api/v1/secrets").bearer(&ada.token));
        call.json(&json!({ "name": "A", "value": "x" }))
            .send()
            .await
            .problem(403, "cross-site");
    }
    assert_eq!(server.everything(&ada).await.1, json!({}));
    server.stop().await;
}

#[tokio::test]
async fn our_own_pages_and_programs_are_let_pass() {
    let server = TestServer::start_with(&[("STRONGROOM_PUBLIC_URL", "https://strongroom.example.org")]).await;
    let ada = server.user("ada").await;
    let store = |name: &str| {
        server
            .post("/api/v1/secrets")
            .bearer(&ada.token)
            .json(&json!({ "name": name, "value": "x" }))
    };
    assert_eq!(store("PROGRAM").send().await.status, 201);
    assert_eq!(
        store("SAME_ORIGIN")
            .header("sec-fetch-site", "same-origin")
            .send()
            .await
            .status,
        201
    );
    assert_eq!(
        store("OLD_BROWSER")
            .header("origin", "https://strongroom.example.org")
            .send()
            .await
            .status,
        201
    );
    server.stop().await;
}
