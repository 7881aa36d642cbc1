use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::{Answer, TestServer, User};

/// Long enough for a call to be waiting, however slow the machine.
const A_MOMENT: Duration = Duration::from_millis(300);

async fn ask(server: &TestServer, token: &str, body: Value) -> Answer {
    server.post("/api/v1/requests").bearer(token).json(&body).send().await
}

fn one(name: &str) -> Value {
    json!({ "secrets": [{ "name": name, "description": "Reads mentions", "obtain_url": "https://developer.x.com/" }],
            "reason": "To look for mentions", "requested_by": "Research agent" })
}

/// Answers as a page without scripts does.
async fn answer(server: &TestServer, user: &User, id: &str, name: &str, value: &str) -> Answer {
    let browser = server.sign_in(user).await;
    let body = format!("id={id}&answers%5B0%5D%5Bname%5D={name}&answers%5B0%5D%5Bvalue%5D={value}");
    server
        .post("/api/ui/answer-request")
        .cookie(&browser.session)
        .header("accept", "text/html")
        .form(&body)
        .send()
        .await
}

#[tokio::test]
async fn an_agent_asks_the_person_answers_and_the_sandbox_has_it() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let agent = server.token(&ada.login, "secrets:read requests:write").await;
    let made = ask(&server, &agent, one("X_TOKEN")).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["status"], "pending");
    assert_eq!(made["url"], format!("{}/r/{id}", server.running().public_url()));
    assert_eq!(made["asked_by"], "API token test");
    assert!(made.get("embed").is_none(), "no platform asked");

    let waiting = {
        let call = server.get(&format!("/api/v1/requests/{id}?wait=60")).bearer(&agent);
        tokio::spawn(call.send())
    };
    sleep(A_MOMENT).await;
    assert!(!waiting.is_finished());
    let answered = answer(&server, &ada, &id, "X_TOKEN", "th3+v4lue").await;
    assert_eq!(
        (answered.status, answered.header("location")),
        (303, format!("/r/{id}").as_str())
    );
    let learnt = waiting.await.unwrap();
    assert!(!learnt.text().contains("th3"));
    assert_eq!(learnt.json()["status"], "stored");
    assert_eq!(learnt.json()["secrets"][0]["outcome"], "stored");
    assert_eq!(server.everything(&ada).await.1, json!({ "X_TOKEN": "th3 v4lue" }));

    let late = server
        .delete(&format!("/api/v1/requests/{id}"))
        .bearer(&agent)
        .send()
        .await;
    assert_eq!(late.problem(409, "request-ended")["request_status"], "stored");
    server.stop().await;
}

#[tokio::test]
async fn a_sandbox_that_lacks_a_secret_is_told_where_the_person_gives_it() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (_, sandbox) = server.open(&ada, json!({ "label": "nightly" })).await;
    let env = |query: &str| server.get(&format!("/api/v1/sandbox/env?{query}")).bearer(&sandbox);
    let missing = env("require=X_TOKEN").send().await.problem(424, "missing-secrets");
    let id = missing["request"]["id"].as_str().unwrap().to_owned();
    assert_eq!(missing["request"]["status"], "pending");
    assert_eq!(
        missing["request"]["url"],
        format!("{}/r/{id}", server.running().public_url())
    );
    let again = env("require=X_TOKEN").send().await.problem(424, "missing-secrets");
    assert_eq!(again["request"]["id"], id);
    let own = server
        .get(&format!("/api/v1/requests/{id}"))
        .bearer(&sandbox)
        .send()
        .await;
    assert_eq!(own.json()["asked_by"], "Sandbox nightly");

    let waiting = tokio::spawn(env("require=X_TOKEN&wait=60").send());
    sleep(A_MOMENT).await;
    answer(&server, &ada, &id, "X_TOKEN", "v").await;
    assert_eq!(waiting.await.unwrap().json(), json!({ "X_TOKEN": "v" }));
    server.stop().await;
}

#[tokio::test]
async fn every_bad_request_has_an_answer_and_makes_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let named = |name: &str| json!({ "secrets": [{ "name": name }] });
    let with = |field: &str, value: Value| {
        let mut body = named("A");
        body[field] = value;
        body
    };
    let of_secret = |field: &str, text: &str| json!({ "secrets": [{ "name": "A", field: text }] });
    let many: Vec<Value> = (0..11).map(|n| json!({ "name": format!("A{n}") })).collect();
    for (body, field) in [
        (json!({ "secrets": [] }), "secrets"),
        (json!({ "secrets": many }), "secrets"),
        (
            json!({ "secrets": [{ "name": "A" }, { "name": "A" }] }),
            "secrets.1.name",
        ),
        (named("lower"), "secrets.0.name"),
        (named("PATH"), "secrets.0.name"),
        (of_secret("description", "a\u{202E}b"), "secrets.0.description"),
        (of_secret("description", &"x".repeat(501)), "secrets.0.description"),
        (of_secret("obtain_url", "http://a.example"), "secrets.0.obtain_url"),
        (
            of_secret("obtain_url", "https://good.example@evil.example"),
            "secrets.0.obtain_url",
        ),
        (of_secret("obtain_url", "javascript:alert(1)"), "secrets.0.obtain_url"),
        (with("reason", "x".repeat(10_000).into()), "reason"),
        (with("reason", "zero\u{200B}width".into()), "reason"),
        (with("requested_by", "two\nlines".into()), "requested_by"),
        (with("requested_by", "x".repeat(101).into()), "requested_by"),
        (with("ttl_seconds", 29.into()), "ttl_seconds"),
        (with("ttl_seconds", 3601.into()), "ttl_seconds"),
        (with("user_label", "ada".into()), "user_label"),
    ] {
        let problem = ask(&server, &ada.token, body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    for wrong in [json!({}), json!([]), json!({ "secrets": "A" }), with("else", 1.into())] {
        assert_eq!(ask(&server, &ada.token, wrong).await.status, 422);
    }
    // HTML is text like any other: kept, and shown as it is.
    let html = ask(&server, &ada.token, with("reason", "<b>now</b>".into())).await;
    assert_eq!(html.json()["reason"], "<b>now</b>");
    let listed = server.get("/api/v1/requests").bearer(&ada.token).send().await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_plain_form_that_is_refused_loses_no_description_and_stores_nothing() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let id = ask(&server, &ada.token, one("A")).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let browser = server.sign_in(&ada).await;
    let empty = format!("id={id}&answers[0][name]=A&answers[0][value]=&answers[0][description]=My+own+words");
    let form = server
        .post("/api/ui/answer-request")
        .cookie(&browser.session)
        .header("accept", "text/html")
        .form(&empty);
    assert_eq!(form.send().await.status, 303);
    let page = server
        .get(&format!("/r/{id}"))
        .cookie(&browser.session)
        .header("accept", "text/html")
        .send()
        .await;
    assert!(page.text().contains("My own words"), "{}", page.text());
    assert!(page.text().contains("The value is empty"), "{}", page.text());
    let still = server
        .get(&format!("/api/v1/requests/{id}"))
        .bearer(&ada.token)
        .send()
        .await;
    assert_eq!(still.json()["status"], "pending");
    assert_eq!(server.everything(&ada).await.1, json!({}));
    server.stop().await;
}

#[tokio::test]
async fn the_link_leads_through_sign_in_and_shows_others_nothing() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let id = ask(&server, &ada.token, one("X_TOKEN")).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = |id: &str| server.get(&format!("/r/{id}")).header("accept", "text/html");
    let out = page(&id).send().await;
    assert_eq!(out.header("location"), format!("/sign-in?next=/r/{id}"));
    let eves = server.sign_in(&eve).await;
    let (theirs, nobodys) = (
        page(&id).cookie(&eves.session).send().await,
        page("0190c0de-0000-7000-8000-000000000000")
            .cookie(&eves.session)
            .send()
            .await,
    );
    for answer in [&theirs, &nobodys] {
        assert!(answer.text().contains("not for your account"), "{}", answer.text());
        assert!(!answer.text().contains("X_TOKEN") && !answer.text().contains("ada"));
    }
    let adas = server.sign_in(&ada).await;
    let mine = page(&id).cookie(&adas.session).send().await;
    assert!(mine.text().contains("X_TOKEN") && mine.text().contains("developer.x.com"));
    let activity = server.get("/api/v1/activity").bearer(&ada.token).send().await;
    assert!(activity.text().contains("request.refused"), "{}", activity.text());
    server.stop().await;
}
