use serde_json::json;

use crate::support::{TestServer, User};

async fn csv(server: &TestServer, session: &str, query: &str) -> Vec<Vec<String>> {
    let answer = server
        .get(&format!("/activity.csv{query}"))
        .cookie(session)
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(answer.body.as_slice());
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

async fn fetch(server: &TestServer, user: &User, label: &str) {
    let (_, token) = server.open(user, json!({ "label": label })).await;
    assert_eq!(
        server.get("/api/v1/sandbox/env").bearer(&token).send().await.status,
        200
    );
}

#[tokio::test]
async fn the_file_holds_every_record_and_no_value() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "API_KEY", "canary-value").await;
    for _ in 0..250 {
        fetch(&server, &ada, "busy").await;
    }
    let rows = csv(&server, &browser.session, "").await;
    assert_eq!(rows[0][..4], ["time", "what", "secrets", "who"]);
    let fetched: Vec<_> = rows.iter().filter(|row| row[1] == "env.fetched").collect();
    assert_eq!(fetched.len(), 250);
    assert!(
        fetched
            .iter()
            .all(|row| row[2] == "API_KEY" && row[4] == "busy" && row[6] == "127.0.0.1")
    );
    assert!(!format!("{rows:?}").contains("canary"));
    let ids: std::collections::HashSet<_> = rows.iter().map(|row| &row[8]).collect();
    assert_eq!(ids.len(), rows.len(), "a record stands there twice");
    server.stop().await;
}

#[tokio::test]
async fn the_file_is_filtered_as_the_page_is() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "API_KEY", "x").await;
    server.store(&ada, "OTHER", "x").await;
    fetch(&server, &ada, "nightly").await;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let today = domain::Timestamp(i64::try_from(now.as_millis()).unwrap()).date();
    for (query, expected) in [
        ("?name=OTHER".to_owned(), vec!["env.fetched", "secret.created"]),
        ("?agent=NIGHT".to_owned(), vec!["env.fetched", "sandbox.opened"]),
        (
            format!("?agent=night&day={today}"),
            vec!["env.fetched", "sandbox.opened"],
        ),
        ("?agent=night&day=2020-01-01".to_owned(), vec![]),
        ("?name=%C3%9C".to_owned(), vec![]),
    ] {
        let rows = csv(&server, &browser.session, &query).await;
        let kinds: Vec<_> = rows.iter().skip(1).map(|row| row[1].as_str()).collect();
        assert_eq!(kinds, expected, "{query}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_label_that_would_be_a_formula_is_made_harmless() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "API_KEY", "x").await;
    fetch(&server, &ada, "=HYPERLINK(\"http://evil.example\",\"open\")").await;
    let rows = csv(&server, &browser.session, "").await;
    let labels: Vec<_> = rows
        .iter()
        .map(|row| row[4].as_str())
        .filter(|label| label.contains("evil"))
        .collect();
    assert!(
        !labels.is_empty() && labels.iter().all(|label| label.starts_with("'=")),
        "{labels:?}"
    );
    server.stop().await;
}
