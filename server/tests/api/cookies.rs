use serde_json::json;
use server::routes::{Auth, table};

use crate::support::TestServer;

#[tokio::test]
async fn a_session_cookie_does_nothing_on_the_calls_for_programs() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    server.store(&ada, "API_KEY", "one").await;
    let before = server.everything(&ada).await;
    let browser = server.sign_in(&ada).await;
    for route in table().iter().filter(|route| route.auth != Auth::Anyone) {
        let path = route.path.replace("{name}", "API_KEY").replace("{id}", "0190");
        let call = server.call(route.method.as_str(), &path).cookie(&browser.session);
        let call = call
            .header("sec-fetch-site", "same-origin")
            .json(&json!({ "name": "OTHER", "value": "x" }));
        call.send().await.problem(401, "unauthenticated");
    }
    assert_eq!(server.everything(&ada).await, before);
    server.stop().await;
}
