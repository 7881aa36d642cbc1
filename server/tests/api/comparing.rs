use crate::support::{Answer, Browser, TestServer};

async fn ask(server: &TestServer, browser: &Browser, form: &str) -> Answer {
    server
        .post("/api/ui/compare-secret")
        .cookie(&browser.session)
        .form(form)
        .send()
        .await
}

#[tokio::test]
async fn is_it_this_key_is_answered_yes_or_no_and_recorded() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "API_KEY", "canary-right").await;
    let yes = ask(&server, &browser, "name=API_KEY&value=canary-right").await;
    assert!(yes.text().contains("Yes, it is the stored value."), "{}", yes.text());
    let no = ask(&server, &browser, "name=API_KEY&value=canary-wrong").await;
    assert!(
        no.text().contains("No, the stored value is another one."),
        "{}",
        no.text()
    );
    for answer in [yes, no] {
        assert!(!answer.text().contains("canary"));
    }
    let activity = server.get("/api/v1/activity?limit=2").bearer(&ada.token).send().await;
    assert!(!activity.text().contains("canary"));
    let items = activity.json();
    assert_eq!(
        (&items["items"][0]["kind"], &items["items"][0]["detail"]),
        (&"secret.compared".into(), &"another value".into())
    );
    assert_eq!(items["items"][1]["detail"], "the same value");
    server.stop().await;
}

#[tokio::test]
async fn an_empty_value_and_an_unknown_name_are_told_apart_from_an_answer() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "API_KEY", "x").await;
    for (form, words) in [
        ("name=API_KEY&value=", "Paste the key"),
        ("name=API_KEY&value=a%00b", "NUL"),
        ("name=NO_SUCH_KEY&value=x", "no longer exists"),
        ("name=..&value=x", "no longer exists"),
    ] {
        let answer = ask(&server, &browser, form).await;
        assert!(answer.text().contains(words), "{form}: {}", answer.text());
    }
    server.stop().await;
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "API_KEY", "x").await;
    for guess in 0..10 {
        let answer = ask(&server, &browser, &format!("name=API_KEY&value={guess}")).await;
        assert!(answer.text().contains("No, "), "{}", answer.text());
    }
    let eleventh = ask(&server, &browser, "name=API_KEY&value=x").await;
    assert!(eleventh.text().contains("Too many attempts"), "{}", eleventh.text());
    server.stop().await;
}
