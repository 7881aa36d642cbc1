//! What the paste doctor notices, what it leaves alone, and what its fixes leave.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod around;
mod lines;
mod safety;
mod within;

use domain::{Finding, RawValue, examine};

/// The value is hardly a key of anyone.
const FAKE: &str = "fake-0123456789-not-a-key";

fn found(name: &str, text: &str) -> Vec<Finding> {
    examine(name, &RawValue::new(text.to_owned()))
}

fn codes(name: &str, text: &str) -> Vec<&'static str> {
    found(name, text).into_iter().map(Finding::code).collect()
}

/// Fixes the finding with this code, and checks that it is gone then. The value and the name that it leaves.
fn fix(name: &str, text: &str, code: &str) -> (String, Option<String>) {
    let value = RawValue::new(text.to_owned());
    let Some(finding) = examine(name, &value).into_iter().find(|finding| finding.code() == code) else {
        panic!("{code} is not found in {text:?}");
    };
    assert!(finding.fix().is_some());
    let fixed = finding.apply(name, &value);
    assert!(
        examine(name, &fixed.value).iter().all(|other| other.code() != code),
        "{text:?}"
    );
    (fixed.value.expose().to_owned(), fixed.name)
}

/// Each text has exactly this finding, and this is left by its fix.
fn all_fixed(code: &str, cases: &[(&str, &str)]) {
    for &(text, left) in cases {
        assert_eq!(codes("", text), [code], "{text:?}");
        assert_eq!(fix("", text, code).0, left, "{text:?}");
    }
}

fn none_found(cases: &[&str]) {
    for text in cases {
        assert_eq!(codes("MY_KEY", text), [""; 0], "{text:?}");
    }
}

fn pem(line_break: &str) -> String {
    [
        "-----BEGIN PRIVATE KEY-----",
        "ZmFrZQ==",
        "-----END PRIVATE KEY-----",
        "",
    ]
    .join(line_break)
}

#[test]
fn values_as_they_should_be_are_left_alone() {
    let json =
        "{\n  \"type\": \"service_account\",\n  \"private_key\": \"-----BEGIN PRIVATE KEY-----\\nZmFrZQ==\\n\"\n}\n";
    none_found(&[
        "",
        FAKE,
        "correct horse battery staple",
        "pässwörd 漢字 ключ",
        "Zm9vYmFyZm9vYmFyCg==",
        "eyJmYWtlIjoxfQ.eyJmYWtlIjoxfQ.ZmFrZQ",
        "postgres://user:pa=ss@host/db?sslmode=require&A_KEY=1",
        "Server=tcp:host,1433;Database=db;User ID=me;Password=fake;",
        "DefaultEndpointsProtocol=https;AccountName=me;AccountKey=ZmFrZQ==;EndpointSuffix=example.net",
        "host=localhost port=5432 dbname=x password=fake",
        &pem("\n"),
        &pem("\r\n"),
        pem("\n").trim_end(),
        json,
        json.trim_end(),
        "{\"client_id\":\"fake\"}\n",
        "first line\nsecond line\n",
        "  indented:\n    yaml: 1\n",
        "[default]\naws_access_key_id = fake\naws_secret_access_key = fake\n",
        "C:\\new\\name",
        "not a key \\n at all",
        "\u{1B}[0m",
    ]);
}

#[test]
fn what_holds_nothing_to_keep_is_never_fixed() {
    none_found(&[
        "\n",
        " ",
        "\u{A0}\t\n",
        "\u{200B}",
        "''",
        "\"\"",
        "' '",
        "MY_KEY=",
        "MY_KEY=''",
        "Bearer",
        "export A=",
    ]);
}

#[test]
fn what_to_mend_first_comes_first() {
    let line = format!("\u{FEFF}export MY_KEY=\"{FAKE}\" \n");
    assert_eq!(codes("", &line), ["assignment", "invisible", "outer_blanks"]);
    assert_eq!(fix("", &line, "assignment").0, FAKE);
    assert_eq!(codes("", "Bearer 'fake0token' "), ["bearer_prefix", "outer_blanks"]);
}
