#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use super::*;

fn settings(variables: &[(&str, &str)]) -> Result<Settings, String> {
    let map: HashMap<_, _> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Settings::from_environment(&Environment::new(&|name| map.get(name).map(Into::into)))
        .map_err(|error| error.to_string())
}

#[test]
fn what_a_run_may_use_is_set() {
    let set = settings(&[
        ("STRONGROOM_SANDBOX_SECONDS", "5"),
        ("STRONGROOM_SANDBOX_MEMORY_MIB", "128"),
        ("STRONGROOM_SANDBOX_PROCESSES", "16"),
        ("STRONGROOM_SANDBOX_OUTPUT_KIB", "2"),
        ("STRONGROOM_SANDBOX_DISK_MIB", "1"),
        ("STRONGROOM_SANDBOX_AT_ONCE", "3"),
    ])
    .unwrap();
    let limits = sandbox::Limits {
        time: Duration::from_secs(5),
        memory: 128 << 20,
        processes: 16,
        output: 2048,
        disk: 1 << 20,
    };
    assert_eq!((set.sandboxes.limits, set.sandboxes.at_once), (limits, 3));
}

#[test]
fn without_any_variable_it_listens_on_loopback_and_keeps_its_data_here() {
    let settings = settings(&[]).unwrap();
    assert_eq!(settings.address.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.data_dir, PathBuf::from("./data"));
    assert_eq!(settings.database, PathBuf::from("./data/strongroom.db"));
    assert!(matches!(&settings.root_key, RootKey::File(path) if path == Path::new("./data/root.key")));
    assert_eq!(settings.metrics_address, None);
    assert!(settings.cookies_are_secure());
}

#[test]
fn every_mistake_names_the_variable_and_what_it_should_be() {
    for (name, value, expected) in [
        (
            "STRONGROOM_ADDR",
            "3000",
            "STRONGROOM_ADDR is `3000`: it is an IP address and a port. For example: STRONGROOM_ADDR=127.0.0.1:3000",
        ),
        ("STRONGROOM_METRICS_ADDR", "on", "STRONGROOM_METRICS_ADDR is `on`"),
        ("STRONGROOM_SIGNUP", "yes", "neither first, open nor closed"),
        ("STRONGROOM_RECORD_DURABILITY", "fsync", "neither process nor power"),
        ("STRONGROOM_INSECURE_HTTP", "maybe", "it is 1 or 0"),
        ("STRONGROOM_MAX_SECRETS", "0", "a whole number from 1 to"),
        ("STRONGROOM_RECORD_DAYS", "-3", "a whole number from 1 to"),
        (
            "STRONGROOM_TRUSTED_PROXIES",
            "10.0.0.0/8, proxy",
            "`proxy`, which is neither an IP address nor a network",
        ),
        (
            "STRONGROOM_PUBLIC_URL",
            "strongroom.example.org",
            "begins with https:// or http://",
        ),
        ("STRONGROOM_PUBLIC_URL", "https://example.org/strongroom", "has a path"),
        ("STRONGROOM_PUBLIC_URL", "https://me@example.org", "user name"),
        ("STRONGROOM_DATABASE_URL", "postgres://u:p@h/db", "is not an sqlite URL"),
        ("STRONGROOM_DATABASE_URL", "sqlite::memory:", "names no file"),
        ("STRONGROOM_SANDBOX_ALLOWED", "api.internal", "is not host:port"),
        ("STRONGROOM_SANDBOX_SECONDS", "0", "a whole number from 1 to"),
        ("STRONGROOM_SANDBOX_MEMORY_MIB", "1 GiB", "a whole number from 64 to"),
        ("STRONGROOM_SANDBOX_PROCESSES", "-1", "a whole number from 8 to"),
        ("STRONGROOM_SANDBOX_OUTPUT_KIB", "99999999", "a whole number from 1 to"),
        ("STRONGROOM_SANDBOX_DISK_MIB", "much", "a whole number from 1 to"),
        ("STRONGROOM_SANDBOX_AT_ONCE", "0", "a whole number from 1 to"),
        ("STRONGROOM_MODEL_KEY_FILE", "/nowhere/key", "cannot be read"),
        ("STRONGROOM_LOG", "", "is set, but empty"),
    ] {
        let problem = settings(&[(name, value)]).unwrap_err();
        assert!(problem.starts_with(name) && problem.contains(expected), "{problem}");
    }
}

#[test]
fn a_model_needs_its_address_and_its_name_and_one_key_at_most() {
    let (url, model) = (
        ("STRONGROOM_MODEL_URL", "http://127.0.0.1:11434/v1"),
        ("STRONGROOM_MODEL", "test"),
    );
    assert!(settings(&[url]).unwrap_err().contains("say which model"));
    let far = ("STRONGROOM_MODEL_URL", "http://models.example.org/v1");
    let refused = settings(&[far, model]).unwrap_err();
    assert!(refused.contains("STRONGROOM_INSECURE_HTTP=1"), "{refused}");
    assert!(settings(&[far, model, ("STRONGROOM_INSECURE_HTTP", "1")]).is_ok());
    assert!(settings(&[("STRONGROOM_MODEL_URL", "https://models.example.org/v1"), model]).is_ok());
    assert!(settings(&[model]).unwrap_err().contains("say where it answers"));
    let key = ("STRONGROOM_MODEL_KEY", "sk-hunter2");
    let file = ("STRONGROOM_MODEL_KEY_FILE", "/nowhere/key");
    let problem = settings(&[url, model, key, file]).unwrap_err();
    assert!(
        problem.contains("both set") && !problem.contains("hunter2"),
        "{problem}"
    );
    let set = settings(&[url, model, key]).unwrap();
    assert!(set.model.is_some());
    assert!(!format!("{set:?}").contains("hunter2"));
    assert!(settings(&[]).unwrap().model.is_none());
}

#[test]
fn a_database_password_is_not_repeated_in_the_complaint() {
    let problem = settings(&[("STRONGROOM_DATABASE_URL", "postgres://u:hunter2@h/db")]).unwrap_err();
    assert!(!problem.contains("hunter2"), "{problem}");
}

#[test]
fn the_root_key_is_a_value_or_a_file_and_both_are_an_error() {
    let digits = "00".repeat(32);
    assert!(matches!(
        settings(&[("STRONGROOM_ROOT_KEY", &digits)]).unwrap().root_key,
        RootKey::Hex(_)
    ));
    let problem = settings(&[
        ("STRONGROOM_ROOT_KEY", &digits),
        ("STRONGROOM_ROOT_KEY_FILE", "/run/root.key"),
    ])
    .unwrap_err();
    assert!(
        problem.contains("STRONGROOM_ROOT_KEY_FILE") && problem.contains("both"),
        "{problem}"
    );
}

#[test]
fn a_root_key_that_is_not_one_is_refused_without_being_shown() {
    let problem = settings(&[("STRONGROOM_ROOT_KEY", "my-root-key")]).unwrap_err();
    assert!(
        problem.contains("64 hex digits") && !problem.contains("my-root-key"),
        "{problem}"
    );
    let shown = format!("{:?}", settings(&[("STRONGROOM_ROOT_KEY", &"ab".repeat(32))]).unwrap());
    assert!(!shown.contains("abab"), "{shown}");
}

#[test]
fn a_server_that_others_reach_must_know_its_name() {
    let problem = settings(&[("STRONGROOM_ADDR", "0.0.0.0:3000")]).unwrap_err();
    assert!(problem.starts_with("STRONGROOM_PUBLIC_URL is needed"), "{problem}");
    settings(&[
        ("STRONGROOM_ADDR", "0.0.0.0:3000"),
        ("STRONGROOM_PUBLIC_URL", "https://strongroom.example.org"),
    ])
    .unwrap();
}

#[test]
fn plain_http_beyond_this_machine_must_be_asked_for() {
    let url = ("STRONGROOM_PUBLIC_URL", "http://strongroom.example.org");
    let problem = settings(&[url]).unwrap_err();
    assert!(problem.contains("STRONGROOM_INSECURE_HTTP=1"), "{problem}");
    assert!(
        !settings(&[url, ("STRONGROOM_INSECURE_HTTP", "1")])
            .unwrap()
            .cookies_are_secure()
    );
    for loopback in [
        "http://localhost:3000",
        "http://strongroom.localhost",
        "http://127.0.0.1:8080",
        "http://[::1]:3000/",
    ] {
        assert!(
            settings(&[("STRONGROOM_PUBLIC_URL", loopback)])
                .unwrap()
                .cookies_are_secure(),
            "{loopback}"
        );
    }
}

#[test]
fn the_public_url_is_written_as_browsers_write_an_origin() {
    for (typed, origin) in [
        ("https://Strongroom.Example.org:443/", "https://strongroom.example.org"),
        ("http://localhost:80", "http://localhost"),
        (
            "https://strongroom.example.org:8443",
            "https://strongroom.example.org:8443",
        ),
    ] {
        assert_eq!(PublicUrl::parse(typed).unwrap().to_string(), origin);
    }
}

#[test]
fn a_proxy_may_be_given_as_an_address_or_as_a_network() {
    let settings = settings(&[("STRONGROOM_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8")]).unwrap();
    assert!(settings.trusts_proxy("10.9.8.7".parse().unwrap()));
    assert!(settings.trusts_proxy("fd00::1".parse().unwrap()));
    assert!(!settings.trusts_proxy("127.0.0.2".parse().unwrap()));
}
