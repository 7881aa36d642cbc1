//! Names, values and tokens that are refused: each answer says what is wrong, and nothing has changed.

use std::thread::sleep;
use std::time::Duration;

use crate::server::Server;

#[test]
fn names_that_break_the_rule() {
    let (_server, account) = Server::with_account();
    let long = "A".repeat(129);
    for name in [
        "lower",
        "2FA",
        "PATH",
        "LD_ANYTHING",
        "npm_config_x",
        "STRONGROOM_X",
        "A-B",
        "A B",
        "",
        "ΑPI",
        "A\u{200b}",
        &long,
    ] {
        let said = account
            .client()
            .run_with_input(&["secrets", "set", name], b"hunter2")
            .refused(&["--help"]);
        assert!(!said.err.contains("hunter2"), "{said:?}");
    }
    assert!(account.secrets().is_empty());
    let longest = "A".repeat(128);
    account
        .client()
        .run_with_input(&["secrets", "set", &longest], b"v")
        .succeeded();
}

#[test]
fn values_that_no_environment_holds() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    let set = |value: &[u8]| client.run_with_input(&["secrets", "set", "A"], value);
    set(b"").refused(&["empty"]);
    set(b"hunter2\0").refused(&["NUL"]);
    set(b"hunter2\xff").refused(&["UTF-8"]);
    set(&vec![b'x'; 65_537]).refused(&["65536"]);
    set(&vec![b'x'; 1 << 20]).refused(&["65536"]);
    assert!(account.secrets().is_empty());
    set(&vec![b'x'; 65_536]).succeeded();
}

#[test]
fn more_than_one_environment_holds() {
    let (_server, account) = Server::with_account();
    let value = "x".repeat(65_536);
    for number in 0..15 {
        account.store(&format!("FULL_{number}"), &value);
    }
    account
        .client()
        .run_with_input(&["secrets", "set", "TOO_MUCH"], value.as_bytes())
        .refused(&["1048576"]);
    assert_eq!(account.secrets().len(), 15);
}

#[test]
fn descriptions_that_are_too_long_or_turn_the_writing_round() {
    let (_server, account) = Server::with_account();
    for description in ["x".repeat(501), "a\u{202e}b".to_owned()] {
        account
            .client()
            .run_with_input(&["secrets", "set", "A", "--description", &description], b"v")
            .refused(&["--help"]);
    }
    assert!(account.secrets().is_empty());
}

#[test]
fn tokens_of_another_kind() {
    let (_server, account) = Server::with_account();
    account.store("A", "hunter2");
    let sandbox = account.sandbox_client();
    sandbox
        .run(&["secrets", "list"])
        .refused(&["API token", "sandbox token"]);
    sandbox
        .run_with_input(&["secrets", "set", "A"], b"x")
        .refused(&["API token"]);
    account
        .client()
        .run(&["env"])
        .refused(&["sandbox token", "strongroom run"]);
    for (token, kind) in [
        ("sr_plt_x", "platform key"),
        ("sr_fld_x", "field token"),
        ("sr_ses_x", "browser session"),
    ] {
        account
            .client()
            .set("STRONGROOM_TOKEN", token)
            .run(&["run", "true"])
            .refused(&[kind, "sr_pat_"]);
    }
    assert_eq!(account.value("A").unwrap(), "hunter2");
}

#[test]
fn tokens_that_do_not_hold() {
    let (_server, account) = Server::with_account();
    let truncated = &account.token[..account.token.len() - 4];
    for token in [
        truncated,
        "sr_pat_",
        "sr_pat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        for words in [&["run", "--", "true"][..], &["secrets", "list"]] {
            let said = account
                .client()
                .set("STRONGROOM_TOKEN", token)
                .run(words)
                .refused(&["STRONGROOM_TOKEN"]);
            assert!(token.len() < 10 || !said.err.contains(token), "{said:?}");
        }
    }
    let client = account.client();
    client.run(&["run", "--", "true"]).succeeded();
    client
        .set("STRONGROOM_TOKEN", "not a token")
        .run(&["run", "true"])
        .refused(&["STRONGROOM_TOKEN", "sr_pat_"]);
}

#[test]
fn a_sandbox_token_after_its_session() {
    let (_server, account) = Server::with_account();
    let (id, revoked) = account.open_sandbox(serde_json::json!({}));
    account.delete(&format!("/api/v1/sandboxes/{id}"));
    let (_, expired) = account.open_sandbox(serde_json::json!({"ttl_seconds": 30}));
    for words in [&["env"][..], &["run", "--", "true"]] {
        account
            .client()
            .set("STRONGROOM_TOKEN", &revoked)
            .run(words)
            .refused(&["valid"]);
    }
    sleep(Duration::from_millis(30_500));
    account
        .client()
        .set("STRONGROOM_TOKEN", &expired)
        .run(&["env"])
        .refused(&["expired"]);
}

#[test]
fn tokens_without_the_scope() {
    let (server, account) = Server::with_account();
    account.store("A", "a");
    let reader = account
        .client()
        .set("STRONGROOM_TOKEN", &server.token(&account.name, "secrets:read"));
    reader.run(&["secrets", "list"]).succeeded();
    reader.run(&["run", "--", "true"]).refused(&["Settings"]);
    reader
        .run_with_input(&["secrets", "set", "A"], b"b")
        .refused(&["Settings"]);
    reader.run(&["secrets", "rm", "A"]).refused(&["Settings"]);
    reader
        .run_with_input(&["secrets", "import", "-", "--replace"], b"A=b")
        .refused(&["Settings"]);
    let opener = account
        .client()
        .set("STRONGROOM_TOKEN", &server.token(&account.name, "sandboxes:write"));
    opener.run(&["secrets", "list"]).refused(&["Settings"]);
    assert_eq!(opener.run(&["run", "--", "sh", "-c", "echo $A"]).succeeded().out, "a\n");
}

#[test]
fn anothers_secret_is_not_there() {
    let (server, account) = Server::with_account();
    account.store("OF_THE_OWNER", "a");
    let other = server.account("another");
    assert_eq!(
        other
            .client()
            .run(&["run", "--", "sh", "-c", "echo ${OF_THE_OWNER-none}"])
            .succeeded()
            .out,
        "none\n"
    );
    other
        .client()
        .run(&["run", "--require", "OF_THE_OWNER", "--", "true"])
        .refused(&["not stored yet: OF_THE_OWNER"]);
    other
        .client()
        .run(&["secrets", "rm", "OF_THE_OWNER"])
        .refused(&["no secret named OF_THE_OWNER"]);
    assert_eq!(account.value("OF_THE_OWNER").unwrap(), "a");
}

#[test]
fn life_times_that_no_session_has() {
    let (_server, account) = Server::with_account();
    account
        .client()
        .run(&["run", "--ttl", "29", "--", "true"])
        .refused(&["30"]);
    account
        .client()
        .run(&["run", "--ttl", "86401", "--", "true"])
        .refused(&["86400"]);
}
