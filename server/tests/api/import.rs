use serde_json::json;

use crate::support::{Answer, Browser, TestServer};

async fn post(server: &TestServer, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form: Vec<_> = fields
        .iter()
        .map(|(name, text)| format!("{name}={}", encoded(text)))
        .collect();
    server
        .post(path)
        .cookie(&browser.session)
        .form(&form.join("&"))
        .send()
        .await
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn the_preview_says_how_a_file_stands_to_what_is_stored() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "SAME", "one\ntwo").await;
    server.store(&ada, "OTHER", "canary-stored").await;
    let file = "SAME='one\r\ntwo'\r\nother=canary-typed\r\nNEW=x\r\nPATH=/bin\r\n";
    let answer = post(&server, &browser, "/api/ui/preview-import", &[("file", file)]).await;
    let standings = answer.json()["Done"]["value"].clone();
    assert_eq!(
        standings,
        json!([["SAME", "Same"], ["OTHER", "Different"], ["NEW", "New"]])
    );
    assert!(!answer.text().contains("canary"));
    assert_eq!(
        server.everything(&ada).await.1,
        json!({ "SAME": "one\ntwo", "OTHER": "canary-stored" })
    );
    server.stop().await;
}

#[tokio::test]
async fn what_was_decided_line_by_line_is_done_and_nothing_else() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    for name in ["KEEP", "CHANGE", "SINCE"] {
        server.store(&ada, name, "old").await;
    }
    let file = "KEEP=new\nCHANGE=new\nSINCE=new\nADDED=new\nPATH=/bin\n";
    let decided = |skip: &'static str| {
        [
            ("file", file),
            ("decided", "true"),
            ("skip", skip),
            ("replace", "CHANGE"),
        ]
    };
    // SINCE was new when the preview was made: it is not replaced behind anyone's back, and nothing else is stored.
    let refused = post(&server, &browser, "/api/ui/import-secrets", &decided("KEEP")).await;
    assert!(
        refused.text().contains("already have a secret named SINCE"),
        "{}",
        refused.text()
    );
    let before = json!({ "KEEP": "old", "CHANGE": "old", "SINCE": "old" });
    assert_eq!(server.everything(&ada).await.1, before);
    let done = post(&server, &browser, "/api/ui/import-secrets", &decided("KEEP SINCE")).await;
    assert!(
        done.text().contains("Imported: 1 new, 1 replaced, 2 left as they are."),
        "{}",
        done.text()
    );
    let after = json!({ "KEEP": "old", "CHANGE": "new", "SINCE": "old", "ADDED": "new" });
    assert_eq!(server.everything(&ada).await.1, after);
    server.stop().await;
}

#[tokio::test]
async fn without_a_preview_a_line_that_cannot_be_stored_refuses_the_file() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    server.store(&ada, "OLD", "old").await;
    let file = "A=1\nPATH=/bin\ncanary line\nOLD=new\n";
    let import = async |fields: &[(&str, &str)]| {
        let fields: Vec<_> = [&[("file", file)], fields].concat();
        post(&server, &browser, "/api/ui/import-secrets", &fields).await
    };
    let refused = import(&[]).await;
    assert!(
        refused.text().contains("Line 2: This name is reserved"),
        "{}",
        refused.text()
    );
    assert!(
        refused.text().contains("Line 3: ") && !refused.text().contains("canary"),
        "{}",
        refused.text()
    );
    assert_eq!(server.everything(&ada).await.1, json!({ "OLD": "old" }));
    import(&[("leave_out", "true"), ("existing", "keep")]).await;
    assert_eq!(server.everything(&ada).await.1, json!({ "OLD": "old", "A": "1" }));
    import(&[("leave_out", "true"), ("existing", "replace")]).await;
    assert_eq!(server.everything(&ada).await.1, json!({ "OLD": "new", "A": "1" }));
    let nothing = import(&[("leave_out", "true"), ("existing", "keep")]).await;
    assert!(nothing.text().contains("nothing to import"), "{}", nothing.text());
    server.stop().await;
}

#[tokio::test]
async fn two_hundred_names_go_in_at_once_and_one_more_does_not() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let browser = server.sign_in(&ada).await;
    let file = |count: usize| {
        (0..count)
            .map(|index| format!("KEY_{index}='{}'\n", "x".repeat(4000)))
            .collect::<String>()
    };
    let refused = post(
        &server,
        &browser,
        "/api/ui/import-secrets",
        &[("file", &file(201)), ("decided", "true")],
    )
    .await;
    assert!(refused.text().contains("at most 200 secrets"), "{}", refused.text());
    assert_eq!(server.everything(&ada).await.1, json!({}));
    let done = post(
        &server,
        &browser,
        "/api/ui/import-secrets",
        &[("file", &file(200)), ("decided", "true")],
    )
    .await;
    assert!(done.text().contains("Imported: 200 new"), "{}", done.text());
    server.stop().await;
}
