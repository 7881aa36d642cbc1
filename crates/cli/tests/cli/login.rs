//! `strongroom login` and `logout`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::account::Account;
use crate::client::{Client, Done};
use crate::server::Server;

/// A client that knows nothing yet.
fn stranger() -> Client {
    Client::with(&[])
}

fn log_in(client: &Client, account: &Account) -> Done {
    client.run_with_input(
        &["login", &account.url, "--token-stdin"],
        format!("{}\n", account.token).as_bytes(),
    )
}

#[test]
fn a_login_is_kept_for_its_user_alone_and_used_from_then_on() {
    let (_server, account) = Server::with_account();
    account.store("A", "value");
    let client = stranger();
    client.run(&["run", "true"]).refused(&["strongroom login"]);
    let done = log_in(&client, &account).succeeded();
    assert!(
        done.out.contains(&account.url) && !done.out.contains(&account.token),
        "{done:?}"
    );
    let directory = client.config_home().join("strongroom");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    assert_eq!(mode(&directory.join("config.toml")), 0o600);
    assert_eq!(
        client.run(&["run", "--", "sh", "-c", "echo $A"]).succeeded().out,
        "value\n"
    );
    client.run(&["secrets", "list"]).succeeded();

    client.run(&["logout"]).succeeded();
    assert!(!directory.join("config.toml").exists());
    client.run(&["run", "true"]).refused(&["strongroom login"]);
    assert!(client.run(&["logout"]).succeeded().out.contains("no login"));
}

#[test]
fn a_token_that_may_only_open_sandboxes_is_a_good_login() {
    let (server, account) = Server::with_account();
    let token = server.token(&account.name, "sandboxes:write");
    let client = stranger();
    client
        .run_with_input(&["login", &account.url, "--token-stdin"], token.as_bytes())
        .succeeded();
    client.run(&["run", "--", "true"]).succeeded();
}

#[test]
fn a_token_that_the_server_refuses_is_not_saved_over_a_good_one() {
    let (_server, account) = Server::with_account();
    let client = stranger();
    log_in(&client, &account).succeeded();
    let unknown = "sr_pat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    client
        .run_with_input(&["login", &account.url, "--token-stdin"], unknown.as_bytes())
        .refused(&["Nothing was saved"]);
    client.run(&["secrets", "list"]).succeeded();
}

#[test]
fn what_is_no_login_is_refused() {
    let (_server, account) = Server::with_account();
    let client = stranger();
    let with = |url: &str, token: &str| client.run_with_input(&["login", url, "--token-stdin"], token.as_bytes());
    with(&account.url, "hunter2").refused(&["sr_pat_"]);
    with(&account.url, "").refused(&["sr_pat_"]);
    with(&account.url, &account.open_sandbox(serde_json::json!({})).1).refused(&["sandbox token", "STRONGROOM_TOKEN"]);
    with("http://strongroom.example", &account.token).refused(&["https://", "STRONGROOM_INSECURE_HTTP"]);
    with("https://me:hunter2@strongroom.example", &account.token).refused(&["name or password"]);
    with("strongroom", &account.token).refused(&["https://strongroom.example"]);
    with("http://127.0.0.1:1", &account.token).refused(&["nothing listens at http://127.0.0.1:1"]);
    client.run(&["login", &account.url]).refused(&["--token-stdin"]);
    client.run(&["login", "--token-stdin"]).refused(&["which server"]);
    assert!(!client.config_home().join("strongroom").exists(), "nothing was written");
}

#[test]
fn the_login_of_one_server_is_not_handed_to_another() {
    let (_server, account) = Server::with_account();
    let (_other_server, other) = Server::with_account();
    let client = stranger();
    log_in(&client, &account).succeeded();
    let client = client.set("STRONGROOM_URL", &other.url);
    client.run(&["run", "true"]).refused(&[&account.url, &other.url]);
    client
        .set("STRONGROOM_TOKEN", &other.token)
        .run(&["run", "true"])
        .succeeded();
}

#[test]
fn a_login_that_others_could_read_is_not_used() {
    let (_server, account) = Server::with_account();
    let client = stranger();
    log_in(&client, &account).succeeded();
    let file = client.config_home().join("strongroom/config.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    client.run(&["run", "true"]).refused(&["chmod 600"]);
}
