#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::to_bytes;
use axum::response::IntoResponse;
use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the reading is tested")]
struct Outer {
    label: Option<String>,
    secrets: Vec<Inner>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the reading is tested")]
struct Inner {
    name: String,
    value: String,
}

async fn refusal(body: &[u8]) -> (u16, String) {
    let response = parse_json::<Outer>(body).unwrap_err().into_response();
    let status = response.status().as_u16();
    let document = to_bytes(response.into_body(), 65_536).await.unwrap();
    (status, String::from_utf8(document.to_vec()).unwrap())
}

async fn assert_refused(body: &str, status: u16, words: &str) {
    let (answered, document) = refusal(body.as_bytes()).await;
    assert_eq!(answered, status, "{body}: {document}");
    assert!(document.contains(words), "{body}: {document}");
    assert!(!document.contains("hunter2"), "{body}: {document}");
}

#[tokio::test]
async fn what_is_not_json_is_400_with_the_place() {
    assert_refused("name=hunter2", 400, "line 1, column 2").await;
    assert_refused(r#"{"secrets": [{"name": "A", "value": "hunter2"#, 400, "ends before").await;
    assert_refused(r#"{"secrets": []} hunter2"#, 400, "line 1, column 17").await;
    let (status, document) = refusal(b"{\"label\": \"\xff\"}").await;
    assert_eq!(status, 400);
    assert!(document.contains("byte 12"), "{document}");
}

#[tokio::test]
async fn a_wrong_type_is_422_and_names_the_field_and_the_type_but_not_what_was_sent() {
    assert_refused(
        r#"{"secrets": [{"name": "A", "value": 42}]}"#,
        422,
        "`secrets.0.value` should be a string",
    )
    .await;
    assert_refused(r#"{"secrets": "hunter2"}"#, 422, "`secrets` should be a sequence").await;
    assert_refused(
        r#"{"secrets": "x, expected hunter2"}"#,
        422,
        "`secrets` should be a sequence",
    )
    .await;
    assert_refused(r#"["hunter2"]"#, 422, "should be").await;
    assert_refused(r#""hunter2""#, 422, "The body should be an object").await;
}

#[tokio::test]
async fn missing_unknown_and_doubled_fields_are_422() {
    assert_refused(r#"{"secrets": [{"name": "A"}]}"#, 422, "`secrets.0.value` is required").await;
    assert_refused(
        r#"{"secrets": [], "lable": "x"}"#,
        422,
        "`lable` is not known to this call. It takes `label`",
    )
    .await;
    assert_refused(
        r#"{"secrets": [], "sk-hunter2": 1}"#,
        422,
        "A field in the body is not known",
    )
    .await;
    assert_refused(r#"{"secrets": [], "secrets": []}"#, 422, "`secrets` stands there twice").await;
}

#[test]
fn json_is_known_by_its_media_type() {
    for yes in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/vnd.api+json",
    ] {
        assert!(is_json(yes.as_bytes()), "{yes}");
    }
    for no in [
        "text/json",
        "application/x-www-form-urlencoded",
        "",
        "application/jsonp",
    ] {
        assert!(!is_json(no.as_bytes()), "{no}");
    }
}
