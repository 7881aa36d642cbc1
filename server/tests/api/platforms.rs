use serde_json::{Value, json};
use vault::NewPlatform;

use crate::support::{Answer, Call, TestServer};

const ORIGIN: &str = "http://chat.localhost:4000";

/// A platform's back end.
struct Platform<'s> {
    server: &'s TestServer,
    key: String,
}

impl<'s> Platform<'s> {
    async fn new(server: &'s TestServer, name: &str, request_url: Option<&str>) -> Self {
        let new = NewPlatform {
            name: name.to_owned(),
            origins: vec![ORIGIN.to_owned()],
            request_url: request_url.map(str::to_owned),
            most_users: Some(3),
        };
        let key = server.vault.operator().add_platform(new).await.unwrap().key;
        Self {
            server,
            key: key.expose().to_owned(),
        }
    }

    fn call(&self, method: &str, path: &str, user: &str) -> Call {
        let call = self.server.call(method, path).bearer(&self.key);
        call.header("strongroom-user", user)
    }

    async fn ask(&self, user: &str) -> Value {
        let body = json!({ "secrets": [{ "name": "X_TOKEN" }], "user_label": format!("{user}@example.com") });
        let answer = self.call("POST", "/api/v1/requests", user).json(&body).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }
}

fn text(json: &Value) -> String {
    json.as_str().unwrap().to_owned()
}

async fn submit(server: &TestServer, id: &str, token: &str, value: &str) -> Answer {
    let body = json!({ "answers": [{ "name": "X_TOKEN", "answer": "save", "value": value, "description": "d" }] });
    let path = format!("/api/v1/requests/{id}/field");
    server.post(&path).bearer(token).json(&body).send().await
}

#[tokio::test]
async fn a_field_stores_what_its_user_types_once() {
    let server = TestServer::start().await;
    let acme = Platform::new(&server, "Acme", None).await;
    let made = acme.ask("u1").await;
    assert!(
        made.get("url").is_none(),
        "without a page of its own, the field is the only way"
    );
    let (id, token) = (text(&made["id"]), text(&made["embed"]["token"]));
    assert_eq!(
        made["embed"]["src"],
        format!("{}/embed/field/{id}", server.running().public_url())
    );

    let path = format!("/api/v1/requests/{id}/field");
    let shown = server.get(&path).bearer(&token).send().await.json();
    assert_eq!(shown["account"], "u1@example.com at Acme");
    let bad = submit(&server, &id, &token, "").await.problem(422, "invalid");
    assert_eq!(bad["errors"][0]["field"], "answers.0.value");
    let stored = submit(&server, &id, &token, "th3 v4lue").await;
    assert_eq!(stored.status, 200, "{}", stored.text());
    assert!(!stored.text().contains("v4lue"));
    let again = submit(&server, &id, &token, "again").await;
    assert_eq!(again.problem(409, "request-ended")["request_status"], "stored");
    let reopened = server.get(&path).bearer(&token).send().await;
    assert_eq!(reopened.problem(409, "request-ended")["request_status"], "stored");

    let opened = acme
        .call("POST", "/api/v1/sandboxes", "u1")
        .json(&json!({}))
        .send()
        .await
        .json();
    let env = server
        .get("/api/v1/sandbox/env")
        .bearer(opened["token"].as_str().unwrap())
        .send()
        .await;
    assert_eq!(env.json(), json!({ "X_TOKEN": "th3 v4lue" }));
    server.stop().await;
}

#[tokio::test]
async fn the_shell_is_framed_by_its_platform_alone_and_holds_no_user_data() {
    let server = TestServer::start().await;
    let acme = Platform::new(&server, "Acme", None).await;
    let id = text(&acme.ask("u1").await["id"]);
    let shell = server.get(&format!("/embed/field/{id}")).send().await;
    let policy = shell.header("content-security-policy").to_owned();
    assert!(policy.ends_with(&format!("frame-ancestors {ORIGIN}")), "{policy}");
    assert!(!shell.text().contains("u1") && !shell.text().contains("X_TOKEN"));
    assert_eq!(shell.header("cache-control"), "no-store");
    // So that pages that isolate themselves may show it, too.
    assert_eq!(shell.header("cross-origin-embedder-policy"), "require-corp");
    assert_eq!(shell.header("cross-origin-resource-policy"), "cross-origin");

    let ada = server.user("ada").await;
    let own = server
        .post("/api/v1/requests")
        .bearer(&ada.token)
        .json(&json!({ "secrets": [{ "name": "A" }] }))
        .send()
        .await
        .json();
    for other in [
        text(&own["id"]),
        "0190c0de-0000-7000-8000-000000000000".to_owned(),
        id.to_uppercase(),
    ] {
        let answer = server.get(&format!("/embed/field/{other}")).send().await;
        answer.problem(404, "not-found");
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn wrong_keys_wrong_users_and_tampered_ids_get_nothing() {
    let server = TestServer::start().await;
    let acme = Platform::new(&server, "Acme", None).await;
    let other = Platform::new(&server, "Other", None).await;
    let made = acme.ask("u1").await;
    other.ask("u1").await;
    acme.ask("u2").await;
    let (id, token) = (text(&made["id"]), text(&made["embed"]["token"]));
    let path = format!("/api/v1/requests/{id}");
    for (platform, user) in [(&other, "u1"), (&acme, "u2"), (&acme, "nobody")] {
        for (method, path) in [
            ("GET", path.clone()),
            ("DELETE", path.clone()),
            ("POST", format!("{path}/field-token")),
        ] {
            platform
                .call(method, &path, user)
                .send()
                .await
                .problem(404, "not-found");
        }
    }
    acme.call("GET", &path, "with blank")
        .send()
        .await
        .problem(422, "invalid");
    let nobody = server.get(&path).bearer(&acme.key).send().await;
    assert_eq!(nobody.problem(422, "invalid")["errors"][0]["field"], "Strongroom-User");
    let second = text(&acme.ask("u1").await["id"]);
    submit(&server, &second, &token, "v")
        .await
        .problem(401, "unauthenticated");
    submit(&server, "0190", &token, "v").await.problem(404, "not-found");
    submit(&server, &id, &acme.key, "v")
        .await
        .problem(401, "unauthenticated");
    for path in ["/api/v1/secrets", "/api/v1/activity"] {
        acme.call("GET", path, "u1")
            .send()
            .await
            .problem(401, "unauthenticated");
    }
    let still = acme.call("GET", &path, "u1").send().await.json();
    assert_eq!(still["status"], "pending");
    server.stop().await;
}

#[tokio::test]
async fn the_link_of_a_platforms_request_leads_to_its_own_page() {
    let server = TestServer::start().await;
    let page = "http://chat.localhost:4000/requests/{id}";
    let acme = Platform::new(&server, "Acme", Some(page)).await;
    let made = acme.ask("u1").await;
    let id = text(&made["id"]);
    assert_eq!(made["url"], page.replace("{id}", &id));
    let link = server
        .get(&format!("/r/{id}"))
        .header("accept", "text/html")
        .send()
        .await;
    assert_eq!(
        (link.status, link.header("location")),
        (303, page.replace("{id}", &id).as_str())
    );
    server.stop().await;
}

#[tokio::test]
async fn a_user_is_removed_with_everything_and_the_cap_holds() {
    let server = TestServer::start().await;
    let acme = Platform::new(&server, "Acme", None).await;
    for user in ["u1", "u2", "u3"] {
        acme.ask(user).await;
    }
    let body = json!({ "secrets": [{ "name": "A" }] });
    let fourth = acme.call("POST", "/api/v1/requests", "u4").json(&body).send().await;
    assert_eq!(fourth.problem(422, "too-many")["limit"], 3);
    let remove = |user: &str| {
        server
            .delete(&format!("/api/v1/platform/users/{user}"))
            .bearer(&acme.key)
            .send()
    };
    assert_eq!(remove("u1").await.status, 204);
    remove("u1").await.problem(404, "not-found");
    let gone = acme.call("GET", "/api/v1/requests", "u1").send().await;
    gone.problem(404, "not-found");
    acme.ask("u4").await;
    server.stop().await;
}
