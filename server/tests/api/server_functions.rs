use leptos::server_fn::axum::server_fn_paths;

use crate::support::TestServer;

/// What somebody who is signed out may call: all of it is about getting in.
const FOR_ANYONE: [&str; 3] = ["/api/ui/entrance", "/api/ui/sign-in", "/api/ui/sign-up"];

#[tokio::test]
async fn whoever_is_signed_out_is_refused_by_every_server_function() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "API_KEY", "canary").await;
    let before = server.everything(&ada).await;
    let (_, sandbox) = server.open(&ada, serde_json::json!({})).await;
    let mut seen = 0;
    for (path, method) in server_fn_paths().filter(|(path, _)| !FOR_ANYONE.contains(path)) {
        assert_eq!(method, "POST", "{path}");
        seen += 1;
        for session in [
            None,
            Some("sr_ses_nonsense"),
            Some(ada.token.as_str()),
            Some(sandbox.as_str()),
        ] {
            let mut call = server.post(path).form("name=API_KEY");
            if let Some(session) = session {
                call = call.cookie(session);
            }
            let answer = call.send().await;
            assert_eq!(answer.status, 401, "{path}: {}", answer.text());
            assert!(!answer.text().contains("API_KEY"), "{path}: {}", answer.text());
        }
        let bearer = server.post(path).bearer(&ada.token).form("name=API_KEY").send().await;
        assert_eq!(bearer.status, 401, "{path} takes a bearer token");
        let plain = server
            .post(path)
            .header("accept", "text/html")
            .header("referer", "http://evil.example/")
            .form("");
        let plain = plain.send().await;
        assert_eq!((plain.status, plain.header("location")), (303, "/sign-in"), "{path}");
    }
    assert!(seen >= 10, "the list of server functions is empty");
    assert_eq!(server.everything(&ada).await, before);
    server.stop().await;
}

#[tokio::test]
async fn server_functions_take_posts_only_and_unknown_ones_do_not_exist() {
    let server = TestServer::start().await;
    for (path, _) in server_fn_paths() {
        server.get(path).send().await.problem(405, "method-not-allowed");
    }
    server
        .post("/api/ui/no-such-thing")
        .form("")
        .send()
        .await
        .problem(404, "not-found");
    server.stop().await;
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    let value = "x".repeat(512 * 1024);
    let call = server.post("/api/ui/create-secret").cookie(&browser.session);
    call.form(&format!("name=API_KEY&value={value}"))
        .send()
        .await
        .problem(413, "too-large");
    assert_eq!(server.everything(&ada).await.1, serde_json::json!({}));
    server.stop().await;
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_not_quoted() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    for (path, body) in [
        ("/api/ui/create-token", "label=x&days=canary"),
        ("/api/ui/create-token", "label=x&secrets_read=canary"),
        ("/api/ui/create-secret", "name=A&value=canary&value=canary"),
        ("/api/ui/create-secret", "name[canary]=A&value=canary"),
    ] {
        for accept in ["*/*", "text/html"] {
            let call = server.post(path).cookie(&browser.session).header("accept", accept);
            let answer = call
                .header("referer", "http://127.0.0.1/secrets")
                .form(body)
                .send()
                .await;
            assert!(!answer.text().contains("canary"), "{path}: {}", answer.text());
            assert!(
                !format!("{:?}", answer.headers).contains("canary"),
                "{path}: {:?}",
                answer.headers
            );
        }
    }
    assert_eq!(server.everything(&ada).await.1, serde_json::json!({}));
    server.stop().await;
}
