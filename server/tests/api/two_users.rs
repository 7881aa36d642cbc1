//! One person can neither see, change nor infer what another has: for every route the other's name or id answers
//! exactly as one that does not exist. The lists of routes come from the routers, so that a new route without a case
//! here fails.

mod two;

use leptos::server_fn::axum::server_fn_paths;
use serde_json::json;
use server::routes::table;

use self::two::{BOBS, NO_ID, NOBODYS, Two};

#[tokio::test]
async fn every_call_treats_anothers_name_as_one_that_does_not_exist() {
    let two = Two::start().await;
    let before = two.server.everything(&two.bob).await;
    let (server, token) = (&two.server, two.ada.token.as_str());
    let (_, adas_sandbox) = server.open(&two.ada, json!({})).await;
    for route in table() {
        let (method, path) = (route.method.as_str(), route.path);
        let what = format!("{method} {path}");
        let call = || server.call(method, path).bearer(token);
        let named = |name: &str| server.call(method, &path.replace("{name}", name)).bearer(token);
        match (method, path) {
            ("GET", "/api/v1/secrets") => two.holds_nothing_of_bobs(&what, &call().send().await),
            // Ada's own sandboxes may be narrowed to any name that she thinks of.
            ("GET", "/api/v1/sandboxes") => {
                let text = call().send().await.text().replace(BOBS, "thought of by Ada herself");
                assert!(
                    !text.contains("bob") && !text.contains(&two.bobs_sandbox),
                    "{what}: {text}"
                );
            }
            ("POST", "/api/v1/secrets/{name}/put-back") => {
                let put_back = |name: &str| named(name).json(&json!({ "version": 1 }));
                two.compare(&what, put_back, BOBS, NOBODYS).await;
            }
            ("GET" | "DELETE", "/api/v1/secrets/{name}" | "/api/v1/secrets/{name}/versions") => {
                two.compare(&what, named, BOBS, NOBODYS).await
            }
            ("PATCH", "/api/v1/secrets/{name}") => {
                let change = |name: &str| named(name).json(&json!({ "value": "ada was here" }));
                two.compare(&what, change, BOBS, NOBODYS).await;
            }
            ("POST", "/api/v1/secrets") => {
                let create = |name: &str| call().json(&json!({ "name": name, "value": "ada's own" }));
                two.compare(&what, create, BOBS, NOBODYS).await;
                for name in [BOBS, NOBODYS] {
                    let path = format!("/api/v1/secrets/{name}");
                    assert_eq!(server.delete(&path).bearer(token).send().await.status, 204);
                }
            }
            ("POST", "/api/v1/secrets/batch") => {
                let put = |name: &str| {
                    call().json(&json!({ "secrets": [{ "name": name, "value": "ada's" }], "replace": true }))
                };
                two.compare(&what, put, BOBS, NOBODYS).await;
                for name in [BOBS, NOBODYS] {
                    server
                        .delete(&format!("/api/v1/secrets/{name}"))
                        .bearer(token)
                        .send()
                        .await;
                }
            }
            ("POST", "/api/v1/sandboxes") => {
                let open = |name: &str| call().json(&json!({ "names": [name] }));
                two.compare(&what, open, BOBS, NOBODYS).await;
            }
            ("DELETE", "/api/v1/sandboxes/{id}") => {
                let close = |id: &str| server.delete(&path.replace("{id}", id)).bearer(token);
                two.compare(&what, close, &two.bobs_sandbox, NO_ID).await;
            }
            ("GET", "/api/v1/sandbox/env") => {
                let fetch = |query: &str| server.get(&format!("{path}?{query}")).bearer(&adas_sandbox);
                for parameter in ["require", "only"] {
                    two.compare(&what, |name| fetch(&format!("{parameter}={name}")), BOBS, NOBODYS)
                        .await;
                }
                two.holds_nothing_of_bobs(&what, &fetch("").send().await);
            }
            ("GET", "/api/v1/activity") => {
                let bobs = server
                    .get("/api/v1/activity?limit=1")
                    .bearer(&two.bob.token)
                    .send()
                    .await
                    .json();
                let cursor = bobs["next_cursor"]
                    .as_str()
                    .expect("Bob has done more than one thing")
                    .to_owned();
                for query in ["", &format!("?cursor={cursor}")] {
                    let answer = server.get(&format!("{path}{query}")).bearer(token).send().await;
                    let text = answer.text().replace(BOBS, "tried by Ada herself");
                    assert!(
                        !text.contains("bob") && !text.contains(&two.bobs_sandbox),
                        "{what}: {text}"
                    );
                }
            }
            ("POST", "/api/v1/requests") => {
                let ask = |name: &str| call().json(&json!({ "secrets": [{ "name": name }] }));
                two.compare(&what, ask, BOBS, NOBODYS).await;
            }
            ("GET", "/api/v1/requests") => {
                let text = call().send().await.text().replace(BOBS, "asked for by Ada herself");
                assert!(
                    !text.contains("bob") && !text.contains("ASKED_OF_BOB"),
                    "{what}: {text}"
                );
            }
            (_, "/api/v1/requests/{id}" | "/api/v1/requests/{id}/field-token" | "/api/v1/requests/{id}/field") => {
                let about = |id: &str| {
                    let call = server.call(method, &path.replace("{id}", id)).bearer(token);
                    if method == "POST" {
                        call.json(&json!({ "answers": [] }))
                    } else {
                        call
                    }
                };
                two.compare(&what, about, &two.bobs_request, NO_ID).await;
            }
            // A platform's users are no people with accounts; what one platform sees of another's is in `platforms`.
            ("DELETE", "/api/v1/platform/users/{id}") => {
                let remove = |user: &str| server.delete(&path.replace("{id}", user)).bearer(token);
                two.compare(&what, remove, "bob", "eve").await;
            }
            ("GET", "/livez" | "/readyz" | "/api/openapi.json") => {
                two.holds_nothing_of_bobs(&what, &call().send().await)
            }
            _ => panic!("{what} has no case here: what does it answer to another person's name or id?"),
        }
    }
    assert_eq!(two.server.everything(&two.bob).await, before);
    let still = server.get("/api/v1/sandboxes").bearer(&two.bob.token).send().await;
    assert!(still.text().contains(&two.bobs_sandbox), "Bob's sandbox is still open");
    two.server.stop().await;
}

#[tokio::test]
async fn every_server_function_treats_anothers_name_as_one_that_does_not_exist() {
    let two = Two::start().await;
    let before = two.server.everything(&two.bob).await;
    for (path, _) in server_fn_paths() {
        let post = |body: &str| two.server.post(path).cookie(&two.ada_browser.session).form(body);
        let by = |field: &'static str| move |it: &str| format!("{field}={it}");
        match path {
            "/api/ui/list-secrets"
            | "/api/ui/list-tokens"
            | "/api/ui/list-sessions"
            | "/api/ui/list-sandboxes"
            | "/api/ui/list-waiting"
            | "/api/ui/list-chats"
            | "/api/ui/list-platforms"
            | "/api/ui/account"
            | "/api/ui/entrance" => two.holds_nothing_of_bobs(path, &post("").send().await),
            "/api/ui/create-secret" => {
                let create = |name: &str| post(&format!("name={name}&value=ada's&description="));
                two.compare(path, create, BOBS, NOBODYS).await;
                for name in [BOBS, NOBODYS] {
                    let path = format!("/api/v1/secrets/{name}");
                    assert_eq!(two.server.delete(&path).bearer(&two.ada.token).send().await.status, 204);
                }
            }
            "/api/ui/update-secret" => {
                let change = |name: &str| post(&format!("{}&value=ada+was+here&description=&etag=", by("name")(name)));
                two.compare(path, change, BOBS, NOBODYS).await;
            }
            "/api/ui/list-activity" => {
                let text = post("").send().await.text().replace(BOBS, "tried by Ada herself");
                assert!(
                    !text.contains("bob") && !text.contains(&two.bobs_sandbox),
                    "{path}: {text}"
                );
            }
            "/api/ui/compare-secret" => {
                let guess = |name: &str| post(&format!("name={name}&value=bob's+value"));
                two.compare(path, guess, BOBS, NOBODYS).await;
            }
            "/api/ui/preview-import" => {
                two.compare(path, |name| post(&format!("file={name}%3Dbob's+value")), BOBS, NOBODYS)
                    .await;
            }
            "/api/ui/import-secrets" => {
                let import = |name: &str| post(&format!("file={name}%3Dada's&decided=true&skip=&replace="));
                two.compare(path, import, BOBS, NOBODYS).await;
                for name in [BOBS, NOBODYS] {
                    let path = format!("/api/v1/secrets/{name}");
                    assert_eq!(two.server.delete(&path).bearer(&two.ada.token).send().await.status, 204);
                }
            }
            "/api/ui/delete-secret" | "/api/ui/list-versions" | "/api/ui/forget-history" => {
                two.compare(path, |name| post(&by("name")(name)), BOBS, NOBODYS).await;
            }
            "/api/ui/put-back" => {
                let put_back = |name: &str| post(&format!("{}&version=1", by("name")(name)));
                two.compare(path, put_back, BOBS, NOBODYS).await;
            }
            "/api/ui/close-sandbox" => {
                two.compare(path, |id| post(&by("id")(id)), &two.bobs_sandbox, NO_ID)
                    .await
            }
            "/api/ui/end-session" => {
                two.compare(path, |id| post(&by("id")(id)), &two.bobs_session, NO_ID)
                    .await
            }
            "/api/ui/revoke-token" => {
                two.compare(path, |id| post(&by("id")(id)), &two.bobs_token, NO_ID)
                    .await
            }
            "/api/ui/open-request" | "/api/ui/answer-request" | "/api/ui/skip-request" => {
                let about = |id: &str| {
                    post(&format!(
                        "{}&answers[0][name]=ASKED_OF_BOB&answers[0][value]=ada's",
                        by("id")(id)
                    ))
                };
                two.compare(path, about, &two.bobs_request, NO_ID).await;
            }
            "/api/ui/open-chat" | "/api/ui/options-of-chat" | "/api/ui/say-in-chat" | "/api/ui/stop-chat" | "/api/ui/change-chat" | "/api/ui/delete-chat" => {
                let about = |id: &str| post(&format!("{}&message=hello&title=Ada's", by("id")(id)));
                two.compare(path, about, &two.bobs_chat, NO_ID).await;
            }
            // The right name of another person and a wrong password, against the name of nobody.
            "/api/ui/sign-in" => {
                let try_it = |login: &str| post(&format!("login={login}&password=not-the-password&next="));
                two.compare(path, try_it, "bob", "eve").await;
            }
            // Take no name or id of anything that exists.
            "/api/ui/create-token"
            | "/api/ui/change-password"
            | "/api/ui/delete-account"
            | "/api/ui/sign-out"
            | "/api/ui/start-chat"
            // The server's, for its owner: what others are told is in the vault's tests.
            | "/api/ui/create-platform"
            | "/api/ui/rotate-platform"
            | "/api/ui/remove-platform"
            | "/api/ui/sign-up" => {}
            _ => panic!("{path} has no case here: what does it answer to another person's name or id?"),
        }
    }
    assert_eq!(two.server.everything(&two.bob).await, before);
    two.server.stop().await;
}

#[tokio::test]
async fn every_page_treats_anothers_name_as_one_that_does_not_exist() {
    let two = Two::start().await;
    let routes = leptos_axum::generate_route_list(app::App);
    assert!(routes.len() > 5, "the list of pages is empty");
    for route in &routes {
        let page = |path: &str| {
            two.server
                .get(path)
                .cookie(&two.ada_browser.session)
                .header("accept", "text/html")
        };
        match route.path() {
            path if !path.contains('{') => two.holds_nothing_of_bobs(path, &page(path).send().await),
            path @ ("/secrets/{name}/edit"
            | "/secrets/{name}/delete"
            | "/secrets/{name}/history"
            | "/secrets/{name}/use") => {
                two.compare(path, |name| page(&path.replace("{name}", name)), BOBS, NOBODYS)
                    .await;
            }
            path @ "/r/{id}" => {
                two.compare(path, |id| page(&path.replace("{id}", id)), &two.bobs_request, NO_ID)
                    .await;
            }
            path @ "/chat/{id}/options" => {
                two.compare(path, |id| page(&path.replace("{id}", id)), &two.bobs_chat, NO_ID)
                    .await;
            }
            path @ "/chat/{id}" => {
                let chat = |id: &str| page(&path.replace("{id}", id));
                two.compare(path, chat, &two.bobs_chat, NO_ID).await;
                let events = |id: &str| page(&format!("/chat/{id}/events"));
                two.compare("its events", events, &two.bobs_chat, NO_ID).await;
            }
            path => panic!("{path} has no case here: what does it answer to another person's name or id?"),
        }
    }
    for path in ["/activity", "/activity.csv"] {
        for query in ["", &format!("?name={NOBODYS}"), "?agent=nobody"] {
            let call = two
                .server
                .get(&format!("{path}{query}"))
                .cookie(&two.ada_browser.session);
            two.holds_nothing_of_bobs(path, &call.send().await);
        }
    }
    two.server.stop().await;
}
