#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use super::*;
use crate::services::made_up;

/// As people write to an agent.
const SENTENCES: [&str; 12] = [
    "{}",
    "Here is my key: {}",
    "use {} to search, please",
    "My token is {}.",
    "`{}`",
    "\"{}\"",
    "the key ({}) should work",
    "curl -H 'Authorization: Bearer {}' https://api.example.org",
    "https://api.example.org/v1/search?key={}&q=rust",
    "SERVICE_CREDENTIAL={}",
    "{\"apiKey\": \"{}\"}",
    "Search X for it\n\n{}\n\nand tell me",
];

fn only(text: &str) -> (String, String, String) {
    let found = find_credentials(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    let one = &found[0];
    let left = format!(
        "{}{}{}",
        &text[..one.replaces.start],
        one.suggested_name,
        &text[one.replaces.end..]
    );
    (text[one.range.clone()].to_owned(), one.suggested_name.to_string(), left)
}

#[test]
fn keys_of_every_documented_form_are_noticed_in_every_sentence() {
    let (mut asked, mut noticed, mut missed) = (0_u32, 0_u32, Vec::new());
    for (number, key) in made_up(40).into_iter().enumerate() {
        let text = SENTENCES[number % SENTENCES.len()].replace("{}", &key);
        asked += 1;
        if find_credentials(&text)
            .iter()
            .any(|found| text[found.range.clone()] == key)
        {
            noticed += 1;
        } else {
            missed.push(text);
        }
    }
    let recall = f64::from(noticed) / f64::from(asked);
    println!("recall: {noticed} of {asked} ({:.2} %)", recall * 100.0);
    missed.truncate(10);
    assert!(recall >= 0.95, "{missed:#?}");
}

#[test]
fn ordinary_text_raises_no_alarm() {
    let (mut paragraphs, mut alarms) = (0_u32, Vec::new());
    for file in texts() {
        if paragraphs >= 10_000 && !is_readme(&file) {
            break;
        }
        let text = fs::read_to_string(&file).unwrap_or_default();
        for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            paragraphs += 1;
            if let Some(first) = find_credentials(paragraph).first() {
                alarms.push(format!("{}: {}", file.display(), &paragraph[first.range.clone()]));
            }
        }
    }
    println!("alarms: {} in {paragraphs} paragraphs", alarms.len());
    assert!(paragraphs >= 10_000, "cargo's cache holds only {paragraphs} paragraphs");
    assert!(u32::try_from(alarms.len()).unwrap() * 1000 <= paragraphs, "{alarms:#?}");
}

/// The READMEs in cargo's cache; behind them, for a machine that has built little else, its other texts.
fn texts() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map_or_else(
        || Path::new(&env::var_os("HOME").unwrap()).join(".cargo"),
        PathBuf::from,
    );
    let mut all = Vec::new();
    find_texts(&home.join("registry/src"), &mut all);
    all.sort_by_key(|path| (!is_readme(path), path.clone()));
    all
}

fn is_readme(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.to_ascii_lowercase().starts_with("readme")
}

fn find_texts(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            find_texts(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            all.push(path);
        }
    }
}

#[test]
fn the_name_is_that_of_the_text_or_of_the_service() {
    let x = "AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub0wnz4XsNiRVBChTYbJcE3F";
    let said = only(&format!("Search X with {x} please"));
    assert_eq!((said.0.as_str(), said.1.as_str()), (x, "X_BEARER_TOKEN"));
    assert_eq!(said.2, "Search X with X_BEARER_TOKEN please");
    let said = only(&format!("export MY_X_TOKEN=\"{x}\"; run it"));
    assert_eq!(
        (said.1.as_str(), said.2.as_str()),
        ("MY_X_TOKEN", "export MY_X_TOKEN; run it")
    );
    let said = only("my OpenWeather key is 9f86d081884c7d659a2feaa0c55ad015");
    assert_eq!(said.2, "my OpenWeather key is API_KEY");
    let said = only("WEATHER_KEY = 9f86d081884c7d659a2feaa0c55ad015");
    assert_eq!(said.2, "WEATHER_KEY");
    assert_eq!(only("password: s3renity-now").2, "password: PASSWORD");
    let openai = format!("sk-proj-{}", "aB3dE6gH9jK2mN5p".repeat(8));
    assert_eq!(only(&format!("key: {openai}")).1, "OPENAI_API_KEY");
    assert_eq!(only("db_password: s3renity-now").1, "DB_PASSWORD");
    let said = only("connect to postgres://app:T4n9-lorem@db.internal:5432/app, then count");
    assert_eq!(
        (said.0.as_str(), said.1.as_str()),
        ("postgres://app:T4n9-lorem@db.internal:5432/app", "DATABASE_URL")
    );
}

#[test]
fn a_private_key_is_one_and_a_certificate_is_none() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(3);
    let key = format!("-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----");
    assert_eq!(
        only(&format!("use this:\n{key}\nplease")).2,
        "use this:\nPRIVATE_KEY\nplease"
    );
    assert_eq!(find_credentials(&key.replace("PRIVATE KEY", "CERTIFICATE")), []);
}

#[test]
fn what_stands_for_a_value_or_for_something_else_is_none() {
    for text in [
        "Search X for recent mentions using my X_BEARER_TOKEN secret",
        "OPENAI_API_KEY=sk-your-key-here",
        "OPENAI_API_KEY=${OPENAI_API_KEY}",
        "export TOKEN=<your token>",
        "the token is read from os.environ['X_BEARER_TOKEN']",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b fixes it",
        "sha512-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "postgres://user:password@localhost/db",
        "the key 550e8400-e29b-41d4-a716-446655440000 is a UUID",
        "see https://example.org/docs/api-key/getting-started-2024",
    ] {
        assert_eq!(find_credentials(text), [], "{text}");
    }
}
