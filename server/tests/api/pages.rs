use serde_json::json;

use crate::support::{Answer, Call, PASSWORD, TestServer};

fn as_browser(call: Call) -> Call {
    call.header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
}

async fn page(server: &TestServer, path: &str, session: Option<&str>) -> Answer {
    let call = as_browser(server.get(path));
    match session {
        Some(session) => call.cookie(session).send().await,
        None => call.send().await,
    }
}

#[tokio::test]
async fn whoever_is_signed_out_is_sent_to_the_sign_in_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    for path in [
        "/",
        "/secrets",
        "/secrets/new",
        "/secrets/API_KEY/edit",
        "/secrets/import",
        "/activity",
        "/activity.csv",
        "/settings",
        "/settings/tokens/new",
    ] {
        let answer = page(&server, path, None).await;
        assert!([302, 303].contains(&answer.status), "{path}: {}", answer.status);
        assert!(
            answer.header("location").starts_with("/sign-in"),
            "{path}: {}",
            answer.header("location")
        );
    }
    assert_eq!(page(&server, "/sign-in", None).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn signing_in_over_a_session_ends_that_one_and_gives_another() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let form = format!("login=ada&password={}&next=%2Fsecrets", PASSWORD.replace(' ', "+"));
    let sign_in = async |before: Option<&str>| {
        let call = as_browser(server.post("/api/ui/sign-in"));
        let call = match before {
            Some(session) => call.cookie(session),
            None => call,
        };
        let answer = call.form(&form).send().await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookie = answer.header("set-cookie").to_owned();
        let value = cookie.split(';').next().unwrap();
        value.trim_start_matches("__Host-strongroom=").to_owned()
    };
    let first = sign_in(None).await;
    assert_eq!(page(&server, "/secrets", Some(&first)).await.status, 200);
    let elsewhere = sign_in(None).await;
    let second = sign_in(Some(&first)).await;
    assert!(first != second && elsewhere != second);
    let ended = page(&server, "/secrets", Some(&first)).await;
    assert!(ended.header("location").starts_with("/sign-in"), "{}", ended.status);
    for alive in [&elsewhere, &second] {
        assert_eq!(page(&server, "/secrets", Some(alive)).await.status, 200);
    }
    server.stop().await;
}

#[tokio::test]
async fn signing_in_by_a_plain_form_gives_a_host_cookie_and_an_explicit_path() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "API_KEY", "canary").await;
    let form = format!("login=ada&password={}&next=%2Fsecrets", PASSWORD.replace(' ', "+"));
    let call = as_browser(server.post("/api/ui/sign-in")).header("referer", "http://127.0.0.1/elsewhere");
    let answer = call.form(&form).send().await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/secrets"),
        "{}",
        answer.text()
    );
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("__Host-strongroom=sr_ses_"),
        "not the session cookie"
    );
    for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{part}");
    }
    let session = cookie
        .trim_start_matches("__Host-strongroom=")
        .split(';')
        .next()
        .unwrap();
    let secrets = page(&server, "/secrets", Some(session)).await;
    assert_eq!(secrets.status, 200);
    assert!(secrets.text().contains("API_KEY") && !secrets.text().contains("canary"));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_password_gives_no_cookie_and_stands_in_no_url() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let call = as_browser(server.post("/api/ui/sign-in")).form("login=ada&password=canary-password&next=");
    let answer = call.send().await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(answer.header("location").starts_with("/sign-in"));
    assert!(!format!("{answer:?}").contains("canary"));
    assert!(!format!("{:?}", answer.headers).contains("sr_ses_"));
    server.stop().await;
}

#[tokio::test]
async fn over_plain_http_by_the_operators_choice_the_cookie_has_its_other_name() {
    let server = TestServer::start_with(&[
        ("STRONGROOM_PUBLIC_URL", "http://strongroom.lan"),
        ("STRONGROOM_INSECURE_HTTP", "1"),
    ])
    .await;
    server.user("ada").await;
    let form = format!("login=ada&password={}&next=", PASSWORD.replace(' ', "+"));
    let call = server
        .post("/api/ui/sign-in")
        .header("host", "strongroom.lan")
        .header("origin", "http://strongroom.lan");
    let answer = call.form(&form).send().await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("strongroom=sr_ses_") && !cookie.contains("Secure"));
    server.stop().await;
}

#[tokio::test]
async fn a_secret_is_stored_by_a_plain_form_with_its_line_breaks_as_lf() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    let call = as_browser(server.post("/api/ui/create-secret")).cookie(&browser.session);
    let answer = call
        .form("name=API_KEY&value=one%0D%0Atwo&description=for+tests")
        .send()
        .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/secrets"),
        "{}",
        answer.text()
    );
    assert_eq!(server.everything(&ada).await.1, json!({ "API_KEY": "one\ntwo" }));
    server.stop().await;
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_a_page_that_says_so() {
    let server = TestServer::start().await;
    let answer = page(&server, "/no/such/page", None).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (404, "text/html; charset=utf-8")
    );
    assert!(answer.text().contains("</html>"));
    assert_eq!(server.call("HEAD", "/no/such/page").send().await.status, 404);
    server.post("/no/such/page").send().await.problem(404, "not-found");
    server.post("/secrets").send().await.problem(405, "method-not-allowed");
    server.stop().await;
}
