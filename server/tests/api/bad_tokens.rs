use std::time::Duration;

use domain::Scopes;
use serde_json::json;
use server::routes::{Auth, table};
use vault::NewToken;

use crate::support::{Call, TestServer, password};

fn without_body(server: &TestServer, method: &str, path: &str) -> Call {
    server.call(method, &path.replace("{name}", "API_KEY").replace("{id}", "0190"))
}

#[tokio::test]
async fn every_call_needs_a_token_and_says_which() {
    let server = TestServer::start().await;
    for route in table().iter().filter(|route| route.auth != Auth::Anyone) {
        let answer = without_body(&server, route.method.as_str(), route.path).send().await;
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), r#"Bearer realm="strongroom""#);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_is_cut_unknown_or_of_another_kind_is_told_apart() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let session = server.sign_in(&ada).await.session;
    let (_, sandbox) = server.open(&ada, json!({})).await;
    let field = "sr_fld_0000000000000000000000000000000000000000000000000000000000000000ffffffff";
    let cut = &ada.token[..ada.token.len() - 1];
    let unknown = {
        let other = TestServer::start().await;
        let token = other.user("eve").await.token;
        other.stop().await;
        token
    };
    for route in table() {
        let wrong_kinds = match route.auth {
            Auth::Anyone => continue,
            Auth::Token(_) | Auth::Program(_) | Auth::Creator => [sandbox.as_str(), session.as_str()],
            Auth::Requester => [session.as_str(), field],
            Auth::Field | Auth::Platform => [sandbox.as_str(), ada.token.as_str()],
            Auth::Sandbox => [ada.token.as_str(), session.as_str()],
        };
        let said = |token: &str| {
            let call = without_body(&server, route.method.as_str(), route.path).bearer(token);
            async move {
                let answer = call.send().await;
                answer.problem(401, "unauthenticated");
                answer.header("www-authenticate").to_owned()
            }
        };
        for token in wrong_kinds {
            assert!(
                said(token)
                    .await
                    .contains(r#"error="invalid_token", error_description="a token of another kind""#)
            );
        }
        for token in ["ghp_0123456789", "sr_pat_", cut] {
            let said = said(token).await;
            assert!(said.contains("invalid_token"), "{said}");
        }
    }
    let answer = server.get("/api/v1/secrets").bearer(&unknown).send().await;
    assert!(answer.header("www-authenticate").contains("not known here"));
    server.stop().await;
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let few = server.token(&ada.login, "requests:write").await;
    for route in table() {
        let (Auth::Token(scope) | Auth::Program(scope)) = route.auth else {
            continue;
        };
        let body = match (route.method.as_str(), route.path) {
            ("POST", "/api/v1/secrets") => json!({ "name": "A", "value": "v" }),
            ("POST", "/api/v1/secrets/batch") => json!({ "secrets": [{ "name": "A", "value": "v" }] }),
            ("POST", "/api/v1/secrets/{name}/put-back") => json!({ "version": 1 }),
            ("PATCH", _) => json!({ "description": "d" }),
            _ => json!({}),
        };
        let call = without_body(&server, route.method.as_str(), route.path)
            .bearer(&few)
            .json(&body);
        let answer = call.send().await;
        answer.problem(403, "missing-scope");
        let expected = format!(
            r#"Bearer realm="strongroom", error="insufficient_scope", scope="{}""#,
            scope.as_str()
        );
        assert_eq!(
            answer.header("www-authenticate"),
            expected,
            "{} {}",
            route.method,
            route.path
        );
    }
    assert_eq!(server.everything(&ada).await.1, json!({}));
    server.stop().await;
}

#[tokio::test]
async fn an_expired_token_and_a_revoked_one_say_so() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    let new = |label: &str| NewToken {
        label: label.to_owned(),
        scopes: Scopes::parse("secrets:read").unwrap(),
        names: None,
        ttl_days: Some(1),
    };
    let tokens = server.vault.tokens();
    let revoked = tokens
        .create(&browser.actor, new("revoked"), Some(&password()))
        .await
        .unwrap();
    let expired = tokens.create(&browser.actor, new("expired"), None).await.unwrap();
    let answer = |token: &str| server.get("/api/v1/secrets").bearer(token).send();
    assert_eq!(answer(revoked.token.expose()).await.status, 200);

    tokens.revoke(&browser.actor, &revoked.view.id).await.unwrap();
    assert!(
        answer(revoked.token.expose())
            .await
            .header("www-authenticate")
            .contains("revoked")
    );
    server.clock.advance(Duration::from_secs(25 * 3600));
    assert!(
        answer(expired.token.expose())
            .await
            .header("www-authenticate")
            .contains("expired")
    );
    server.stop().await;
}

#[tokio::test]
async fn a_sandbox_token_ends_with_its_time_its_session_and_its_account() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let env = |token: &str| server.get("/api/v1/sandbox/env").bearer(token).send();

    let (id, closed) = server.open(&ada, json!({})).await;
    server
        .delete(&format!("/api/v1/sandboxes/{id}"))
        .bearer(&ada.token)
        .send()
        .await;
    assert_eq!(env(&closed).await.status, 401);

    let (_, expired) = server.open(&ada, json!({ "ttl_seconds": 30 })).await;
    assert_eq!(env(&expired).await.status, 200);
    server.clock.advance(Duration::from_secs(31));
    assert_eq!(env(&expired).await.status, 401);

    let (_, orphan) = server.open(&ada, json!({})).await;
    let browser = server.sign_in(&ada).await;
    server
        .vault
        .accounts()
        .delete_account(&browser.actor, &password())
        .await
        .unwrap();
    assert_eq!(env(&orphan).await.status, 401);
    server.stop().await;
}
