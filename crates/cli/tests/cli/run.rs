//! `strongroom run`: the command gets the values, and its end is passed on.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::client::Done;
use crate::generated;
use crate::server::Server;

const PYTHON: &str = "import os, json; print(json.dumps(dict(os.environ)))";
const NODE: &str = "process.stdout.write(JSON.stringify(process.env))";

fn environment(done: &Done) -> BTreeMap<String, String> {
    serde_json::from_str(&done.out).unwrap()
}

#[test]
fn python_and_node_read_every_value_exactly() {
    let (_server, account) = Server::with_account();
    let secrets = generated::secrets();
    account.store_all(secrets.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    for words in [
        ["run", "--no-redact", "--", "python3", "-c", PYTHON],
        ["run", "--no-redact", "--", "node", "-e", NODE],
    ] {
        let found = environment(&account.client().run(&words).succeeded());
        for (name, value) in &secrets {
            assert_eq!(found.get(name), Some(value), "{name} in {}", words[3]);
        }
    }
}

#[test]
fn the_rest_of_the_environment_stays_and_a_secret_goes_before_it() {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", "from strongroom");
    let client = account.client().set("API_KEY", "from the shell").set("OTHER", "kept");
    let done = client
        .run(&["run", "--no-redact", "--", "sh", "-c", "echo \"$API_KEY, $OTHER\""])
        .succeeded();
    assert_eq!(done.out, "from strongroom, kept\n");
}

#[test]
fn no_shell_reads_the_arguments() {
    let (_server, account) = Server::with_account();
    account.store("A", "value");
    let done = account
        .client()
        .run(&["run", "printf", "%s|", "$A", "a  b", "*", "--only", "--"])
        .succeeded();
    assert_eq!(done.out, "$A|a  b|*|--only|--|");
}

#[test]
fn standard_input_reaches_the_command() {
    let (_server, account) = Server::with_account();
    let done = account
        .client()
        .run_with_input(&["run", "--", "cat"], b"through")
        .succeeded();
    assert_eq!(done.out, "through");
}

#[test]
fn a_sandbox_token_is_enough() {
    let (_server, account) = Server::with_account();
    account.store("A", "value");
    let client = account.sandbox_client();
    assert_eq!(
        client.run(&["run", "--", "sh", "-c", "echo $A"]).succeeded().out,
        "value\n"
    );
    client
        .run(&["run", "--label", "x", "--", "true"])
        .refused(&["--label", "sandbox token"]);
}

#[test]
fn the_commands_exit_status_is_passed_on() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    for code in [0, 1, 3, 125, 255] {
        let done = client.run(&["run", "--", "sh", "-c", &format!("exit {code}")]);
        assert_eq!(done.code, Some(code), "{done:?}");
        assert_eq!(done.err, "", "nothing is added to what the command says");
    }
}

#[test]
fn a_signal_that_ends_the_command_is_told_as_128_plus_its_number() {
    let (_server, account) = Server::with_account();
    for (signal, code) in [("TERM", 143), ("KILL", 137), ("SEGV", 139)] {
        let done = account
            .client()
            .run(&["run", "--", "sh", "-c", &format!("kill -{signal} $$")]);
        assert_eq!(done.code, Some(code), "{done:?}");
    }
}

#[test]
fn what_cannot_be_run_is_126_and_what_is_not_there_127() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    let directory = tempfile::tempdir().unwrap();
    let script = |name: &str, text: &str, mode: u32| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let plain = script("plain", "#!/bin/sh\n", 0o644);
    client
        .run(&["run", "--", &plain])
        .ended_with(126, &["plain", "chmod +x"]);
    let no_interpreter = script("orphan", "#!/no/such/interpreter\n", 0o755);
    client
        .run(&["run", "--", &no_interpreter])
        .ended_with(126, &["orphan", "interpreter"]);
    let no_program = script("data", "\x7fno program", 0o755);
    client.run(&["run", "--", &no_program]).ended_with(126, &["data"]);
    client.run(&["run", "--", "/tmp"]).ended_with(126, &["directory"]);
    client
        .run(&["run", "--", "no-such-program"])
        .ended_with(127, &["no-such-program", "PATH"]);
    client
        .run(&["run", "--", "/no/such/program"])
        .ended_with(127, &["/no/such/program"]);
    assert!(
        account.live_sandboxes().is_empty(),
        "also when starting failed after the session was opened"
    );
}

#[test]
fn its_own_failures_are_125() {
    let (server, account) = Server::with_account();
    account.client().run(&["run"]).refused(&["Which command"]);
    account
        .client()
        .set("STRONGROOM_TOKEN", "sr_pat_nonsense")
        .run(&["run", "true"])
        .refused(&["token"]);
    let client = account.client();
    drop(server);
    client.run(&["run", "true"]).refused(&["nothing listens", "127.0.0.1"]);
}

#[test]
fn an_environment_too_large_for_the_kernel_is_explained() {
    let (_server, account) = Server::with_account();
    account.store("A", "value");
    let large = "x".repeat(120_000);
    let mut words = vec!["run", "--", "true"];
    words.extend(std::iter::repeat_n(large.as_str(), 16));
    let mut command = account.client().command(&words);
    // The tests may run under a larger limit than the usual two megabytes.
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            crate::client::done(output).ended_with(126, &["more than the kernel takes", "--only"]);
        }
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ArgumentListTooLong),
    }
}
