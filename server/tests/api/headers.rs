use server::routes::table;

use crate::support::{Answer, TestServer};

fn assert_confined(answer: &Answer, whence: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{whence}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{whence}");
    assert!(!answer.header("x-request-id").is_empty(), "{whence}");
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{whence}: {policy}");
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{whence}: {policy}"
    );
}

#[tokio::test]
async fn every_answer_is_confined_and_not_kept() {
    let server = TestServer::start().await;
    let mut paths: Vec<(String, String)> = table()
        .iter()
        .map(|route| (route.method.to_string(), route.path.replace(['{', '}'], "")))
        .collect();
    paths
        .extend(leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned())));
    let others = [
        ("GET", "/sign-in"),
        ("GET", "/no/such/page"),
        ("GET", "/api/nothing"),
        ("PUT", "/sign-in"),
        ("POST", "/x"),
    ];
    paths.extend(others.map(|(method, path)| (method.to_owned(), path.to_owned())));
    for (method, path) in paths {
        let answer = server.call(&method, &path).send().await;
        let whence = format!("{method} {path}");
        assert_confined(&answer, &whence);
        assert_eq!(answer.header("cache-control"), "no-store", "{whence}");
        assert!(answer.headers.get("strict-transport-security").is_none(), "{whence}");
        assert!(answer.headers.get("access-control-allow-origin").is_none(), "{whence}");
    }
    let refused = server.get("/").header("host", "evil.example").send().await;
    assert_confined(&refused, "a wrong host");
    server.stop().await;
}

#[tokio::test]
async fn a_page_names_its_own_nonce_and_anything_else_may_run_nothing() {
    let server = TestServer::start().await;
    let mut nonces = Vec::new();
    for path in ["/sign-in", "/sign-in", "/no/such/page"] {
        let page = server.get(path).header("accept", "text/html").send().await;
        let policy = page.header("content-security-policy");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .expect("a nonce")
            .to_owned();
        assert!(nonce.len() >= 22, "128 bits");
        assert_eq!(
            policy,
            format!(
                "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
                 style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                 frame-ancestors 'none'"
            )
        );
        for script in page.text().split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
        }
        nonces.push(nonce);
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 3, "a nonce is used once");
    let strict = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    assert_eq!(
        server.get("/livez").send().await.header("content-security-policy"),
        strict
    );
    server.stop().await;
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() {
    let server = TestServer::start_with(&[("STRONGROOM_PUBLIC_URL", "https://strongroom.example.org")]).await;
    for path in ["/livez", "/sign-in", "/api/v1/secrets"] {
        let answer = server.get(path).header("host", "strongroom.example.org").send().await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    }
    server.stop().await;
}
