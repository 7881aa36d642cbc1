//! What a command prints passes through without the values, in pipes, files and terminals, and is otherwise unharmed.

use std::fs::File;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::client::{Client, PROGRAM, done};
use crate::server::Server;
use crate::terminal::{BY_CTRL_C, Seen, on_a_terminal};

const VALUE: &str = "sk-live/41bd\"9c7e'0a-not-a-real-one";
const KEY: &str = "-----BEGIN KEY-----\nshort\nalso short\n-----END KEY-----\n";

fn shell(client: &Client, script: &str) -> crate::client::Done {
    client.run(&["run", "--", "sh", "-c", script])
}

#[test]
fn both_streams_are_redacted_in_every_listed_form() {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", VALUE);
    let script = "\
import base64, json, os, sys, urllib.parse
value = os.environ['API_KEY']
for form in (value, json.dumps(value), json.dumps(json.dumps(value)), urllib.parse.quote(value, safe=''),
             value.encode().hex(), base64.b64encode(value.encode()).decode(),
             base64.urlsafe_b64encode(b'key:' + value.encode()).decode()):
    print(form)
    print(form, file=sys.stderr)";
    let done = account
        .client()
        .run(&["run", "--", "python3", "-c", script])
        .succeeded();
    let expected =
        "[API_KEY]\n\"[API_KEY]\"\n\"\\\"[API_KEY]\\\"\"\n[API_KEY]\n[API_KEY]\n[API_KEY]\na2V5On[API_KEY]\n";
    assert_eq!(done.out, expected);
    assert_eq!(done.err, expected);
}

#[test]
fn two_halves_with_a_pause_between_are_one_value() {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", "not-a-real-one-41bd9c7e");
    let done = shell(
        &account.client(),
        "printf 'a %.10s' \"$API_KEY\"; sleep 0.3; printf '%s b' \"${API_KEY#??????????}\"",
    );
    assert_eq!(done.succeeded().out, "a [API_KEY] b");
}

#[test]
fn outputs_to_one_place_are_one_and_keep_their_order() {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", "not-a-real-one-41bd9c7e");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log");
    let script = "for n in 1 2 3; do echo out $n; echo err $n >&2; done; \
                  printf '%.10s' \"$API_KEY\"; printf '%s' \"${API_KEY#??????????}\" >&2";
    let log = File::create(&path).unwrap();
    let status = account
        .client()
        .command(&["run", "--", "sh", "-c", script])
        .stderr(log.try_clone().unwrap())
        .stdout(log)
        .status()
        .unwrap();
    assert!(status.success());
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written, "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n[API_KEY]");
}

#[test]
fn what_is_no_secret_passes_byte_for_byte() {
    let (_server, account) = Server::with_account();
    account.store_all([("API_KEY", VALUE), ("PIN", "1234"), ("KEY", KEY)]);
    let script = "import os, random, sys\nrandom.seed(7)\nsys.stdout.buffer.write(random.randbytes(5_000_000))";
    let print = |words: &[&str]| account.client().command(words).output().unwrap();
    let through = print(&["run", "--", "python3", "-c", script]);
    let plain = print(&["run", "--no-redact", "--", "python3", "-c", script]);
    assert_eq!(through.stdout.len(), 5_000_000);
    assert!(through.stdout == plain.stdout);
}

#[test]
fn values_too_short_to_be_found_are_named_once() {
    let (_server, account) = Server::with_account();
    account.store_all([("PIN", "1234"), ("CODE", "abc"), ("API_KEY", VALUE)]);
    let done = shell(&account.client(), "echo $PIN; echo $PIN").succeeded();
    assert_eq!(done.out, "1234\n1234\n");
    assert_eq!(
        done.err,
        "strongroom: too short to be taken out of what the command prints: CODE and PIN\n"
    );
    let done = account.client().run(&["run", "--no-redact", "--", "true"]).succeeded();
    assert_eq!(done.err, "");
}

#[test]
fn a_reader_that_goes_away_ends_the_command() {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", VALUE);
    let mut child = account
        .client()
        .command(&["run", "--", "sh", "-c", "yes; echo $? >&2"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = done(child.wait_with_output().unwrap());
    assert!(done.err.starts_with("141\n"), "SIGPIPE, as without us: {done:?}");
}

#[test]
fn output_that_cannot_be_written_is_no_success() {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", VALUE);
    for (script, code) in [("echo hello", 125), ("echo hello; exit 3", 3)] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ended = account
            .client()
            .command(&["run", "--", "sh", "-c", script])
            .stdout(full)
            .output()
            .unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{said}");
        assert!(said.contains("could be passed on: No space left on device"), "{said}");
    }
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn what_is_left_running_prints_to_its_end() {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", VALUE);
    let done = shell(&account.client(), "(sleep 0.5; echo \"later $API_KEY\") & exit 4");
    assert_eq!((done.code, done.out.as_str()), (Some(4), "later [API_KEY]\n"));
    assert!(account.live_sandboxes().is_empty());
}

/// On a terminal, with one secret of a line and one of several.
fn at_a_terminal(script: &str, steps: &Value) -> Seen {
    let (_server, account) = Server::with_account();
    account.store_all([("API_KEY", VALUE), ("KEY", KEY)]);
    let seen = on_a_terminal(&account.client(), &[PROGRAM, "run", "--", "sh", "-c", script], steps);
    assert!(account.live_sandboxes().is_empty());
    seen
}

#[test]
fn a_terminal_stays_one_and_shows_no_value() {
    let script = "test -t 0 && test -t 1 && test -t 2 && echo terminals; \
                  echo \"out $API_KEY\"; echo \"err $API_KEY\" >&2; echo \"tty $API_KEY\" > /dev/tty; echo \"$KEY\"; exit 3";
    let seen = at_a_terminal(script, &json!([]));
    assert_eq!(
        (seen.seen.as_str(), seen.code),
        (
            "terminals\r\nout [API_KEY]\r\nerr [API_KEY]\r\ntty [API_KEY]\r\n[KEY]\r\n",
            3
        )
    );
}

#[test]
fn a_window_keeps_its_width_and_the_command_is_told_of_another() {
    let script = "trap 'stty size; exit 0' WINCH; stty size; while :; do sleep 0.05; done";
    let steps = json!([
        {"size": [24, 80]}, {"expect": "24 80"}, {"size": [41, 132]}, {"expect": "41 132"},
    ]);
    let seen = at_a_terminal(&format!("sleep 0.3; {script}"), &steps);
    assert_eq!((seen.seen.as_str(), seen.code), ("24 80\r\n41 132\r\n", 0));
}

#[test]
fn a_prompt_is_seen_and_what_is_typed_arrives() {
    let script = "printf 'Name? '; read name; stty -echo; printf 'PIN? '; read pin; stty echo; echo; \
                  echo \"$name:$pin\"; cat";
    let steps = json!([
        {"expect": "Name? "}, {"send": "Ada\r"}, {"expect": "PIN? "}, {"send": "hush\r"},
        {"expect": "Ada:hush"}, {"send": "line\r"}, {"pause": 0.2}, {"send": "\u{4}"},
    ]);
    let seen = at_a_terminal(script, &steps);
    assert_eq!(seen.seen, "Name? Ada\r\nPIN? \r\nAda:hush\r\nline\r\nline\r\n");
    assert_eq!(seen.code, 0);
}

#[test]
fn a_prompt_that_begins_like_a_value_is_seen_after_a_while() {
    let seen = at_a_terminal(
        "printf 'sk-l'; read answer; echo \"$answer\"",
        &json!([{"expect": "sk-l"}, {"send": "yes\r"}]),
    );
    assert_eq!(seen.seen, "sk-lyes\r\nyes\r\n");
}

#[test]
fn ctrl_c_ends_what_runs_at_the_terminal() {
    let seen = at_a_terminal(
        "echo rea''dy; sleep 60; echo not here",
        &json!([{"expect": "ready"}, {"pause": 0.2}, {"send": "\u{3}"}]),
    );
    assert_eq!(seen.code, BY_CTRL_C, "{seen:?}");
    assert!(!seen.seen.contains("not here"), "{seen:?}");
}

/// Bash with job control, and the account with a secret: types the lines of `steps`.
fn at_a_shell(steps: &Value) -> Seen {
    let (_server, account) = Server::with_account();
    account.store("API_KEY", VALUE);
    let seen = on_a_terminal(
        &account.client().set("PS1", "").set("PROGRAM", PROGRAM),
        &["/bin/bash", "--norc", "--noprofile", "-i"],
        steps,
    );
    assert!(account.live_sandboxes().is_empty());
    seen
}

#[test]
fn ctrl_z_suspends_and_fg_goes_on() {
    let script = "trap \"echo wo\\ken\" CONT; echo rea\"\"dy $API_KEY; while :; do sleep 0.1; done";
    let seen = at_a_shell(&json!([
        {"send": "stty -g > before; stty -g\r"},
        {"send": format!("$PROGRAM run -- sh -c '{script}'\r")},
        {"expect": "ready [API_KEY]"}, {"pause": 0.2}, {"send": "\u{1a}"},
        {"expect": "Stopped"}, {"send": "stty -g | cmp - before && echo sa\"\"me\r"}, {"expect": "same"},
        {"send": "fg\r"}, {"expect": "woken"}, {"send": "\u{3}"},
        {"pause": 0.5}, {"send": "echo co\"\"de=$?; stty -g | cmp - before && echo sa\"\"me again\r"},
        {"expect": "same again"}, {"send": "rm before; exit 0\r"},
    ]));
    assert!(seen.seen.contains("code=130"), "{seen:?}");
    assert!(!seen.seen.contains(VALUE), "{seen:?}");
}

#[test]
fn a_job_in_the_background_takes_the_terminal_when_it_is_brought_forward() {
    let seen = at_a_shell(&json!([
        {"send": "$PROGRAM run -- sh -c 'read line; echo \"got $line\"' &\r"}, {"pause": 1.0},
        {"send": "echo still the sh\"\"ell\r"}, {"expect": "still the shell"},
        {"send": "fg\r"}, {"pause": 0.7}, {"send": "typed\r"}, {"expect": "got typed"}, {"pause": 0.5}, {"send": "exit 0\r"},
    ]));
    assert!(seen.seen.contains("got typed"), "{seen:?}");
}

#[test]
fn an_output_that_is_a_terminal_stays_one_when_the_other_is_not() {
    let seen = at_a_shell(&json!([
        {"send": "echo in | $PROGRAM run -- sh -c 'test -t 1 && test -t 2 && cat && echo \"$API_KEY\"'\r"},
        {"expect": "[API_KEY]\r\n"}, {"pause": 0.5},
        {"send": "$PROGRAM run -- sh -c 'test -t 1 || test -t 2 && stty size <&2; echo \"2 $API_KEY\" >&2' | cat\r"},
        {"expect": "2 [API_KEY]\r\n"}, {"pause": 0.5}, {"send": "exit 0\r"},
    ]));
    assert!(seen.seen.contains("in\r\n[API_KEY]\r\n"), "{seen:?}");
    assert!(!seen.seen.contains(VALUE), "{seen:?}");
}

#[test]
fn the_programs_own_word_needs_a_command() {
    let done = done(Command::new(PROGRAM).arg("__monitor").output().unwrap());
    done.refused(&["Which command is to be run?"]);
}
