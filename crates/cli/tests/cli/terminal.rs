//! At a terminal: prompts that show nothing, and the keys that send signals. Python plays the terminal.

use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{Client, PROGRAM};
use crate::server::Server;

/// Runs the words on a terminal of their own, does the steps, and tells what was seen and how it ended. Ends by itself if they
/// do not: a failure, and not a test without end.
const TERMINAL: &str = "\
import fcntl, json, os, pty, select, signal, struct, sys, termios, time
signal.alarm(120)
steps, words = json.load(sys.stdin), sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0: os.execv(words[0], words)
seen = b''
def read():
    global seen
    ready, _, _ = select.select([terminal], [], [], 20)
    if not ready: return False
    try: some = os.read(terminal, 65536)
    except OSError: return False
    seen += some
    return bool(some)
for step in steps:
    if 'expect' in step:
        while step['expect'].encode() not in seen and read(): pass
    elif 'hang_up' in step: os.close(terminal)
    elif 'size' in step: fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', *step['size'], 0, 0))
    elif 'send' in step: os.write(terminal, step['send'].encode())
    else: time.sleep(step['pause'])
while not any('hang_up' in step for step in steps) and read(): pass
print(json.dumps({'seen': seen.decode(), 'code': os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}))
";

/// The end of what Ctrl-C ended, as Python tells it: by the signal itself.
pub(crate) const BY_CTRL_C: i32 = -2;

#[derive(Debug, Deserialize)]
pub(crate) struct Seen {
    pub(crate) seen: String,
    pub(crate) code: i32,
}

pub(crate) fn on_a_terminal(client: &Client, words: &[&str], steps: &Value) -> Seen {
    let words = [&["-c", TERMINAL][..], words].concat();
    let mut child = client
        .prepared(Command::new("python3"), &words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(steps.to_string().as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_value_is_asked_for_and_not_shown() {
    let (_server, account) = Server::with_account();
    // Longer than the terminal's own line editing would let through.
    let value = format!("hunter2-é$\"'{}", "x".repeat(6000));
    let steps = json!([{"expect": "hidden): "}, {"send": format!("{value}\r")}]);
    let seen = on_a_terminal(&account.client(), &[PROGRAM, "secrets", "set", "A"], &steps);
    assert_eq!(seen.code, 0, "{seen:?}");
    assert!(
        seen.seen.contains("Created A.") && !seen.seen.contains("hunter2") && !seen.seen.contains("xxx"),
        "{seen:?}"
    );
    assert_eq!(account.value("A").unwrap(), value);
}

#[test]
fn several_lines_at_the_prompt_are_refused_as_a_whole() {
    let (_server, account) = Server::with_account();
    let steps = json!([{"expect": "hidden): "}, {"send": "-----BEGIN\rhunter2\r-----END\r"}]);
    let seen = on_a_terminal(&account.client(), &[PROGRAM, "secrets", "set", "A"], &steps);
    assert_eq!(seen.code, 125, "{seen:?}");
    assert!(
        seen.seen.contains("several lines") && !seen.seen.contains("hunter2"),
        "{seen:?}"
    );
    assert!(account.secrets().is_empty());
}

#[test]
fn ctrl_c_at_the_prompt_leaves_everything_as_it_was() {
    let (_server, account) = Server::with_account();
    let steps = json!([{"expect": "hidden): "}, {"send": "hun\u{3}"}]);
    let seen = on_a_terminal(&account.client(), &[PROGRAM, "secrets", "set", "A"], &steps);
    assert_eq!(seen.code, BY_CTRL_C, "{seen:?}");
    assert!(account.secrets().is_empty());

    let names = format!("for name in A B; do {PROGRAM} secrets set $name; done");
    let steps = json!([{"expect": "hidden): "}, {"send": "\u{3}"}]);
    let seen = on_a_terminal(&account.client(), &["/bin/bash", "-c", &names], &steps);
    assert_eq!(seen.code, BY_CTRL_C, "the loop around it ends too: {seen:?}");
    assert_eq!(seen.seen.matches("hidden): ").count(), 1, "{seen:?}");
}

#[test]
fn login_asks_for_the_address_and_the_token() {
    let (_server, account) = Server::with_account();
    let client = Client::with(&[]);
    let steps = json!([
        {"expect": "3000]: "}, {"send": format!("{}\r", account.url)},
        {"expect": "API token"}, {"expect": "settings): "}, {"send": format!("{}\r", account.token)},
    ]);
    let seen = on_a_terminal(&client, &[PROGRAM, "login"], &steps);
    assert_eq!(seen.code, 0, "{seen:?}");
    assert!(!seen.seen.contains(&account.token), "{seen:?}");
    client.run(&["secrets", "list"]).succeeded();
}

#[test]
fn ctrl_c_reaches_the_command_once() {
    let (_server, account) = Server::with_account();
    // The interpreter writes one byte for every signal at the moment it arrives: two that come close together still
    // count as two. And pressed several times, since any two can fall together before the command is even awake.
    let script = "\
import os, signal, sys, time
arrived, wake = os.pipe()
os.set_blocking(wake, False)
signal.signal(signal.SIGINT, lambda *_: None)
signal.set_wakeup_fd(wake)
print('rea' + 'dy', flush=True)
end = time.time() + 2.5
while time.time() < end: time.sleep(0.1)
print('interrupted', len(os.read(arrived, 1000)), 'times', flush=True)
sys.exit(7)";
    let mut steps = vec![json!({"expect": "ready"})];
    for _ in 0..10 {
        steps.extend([json!({"send": "\u{3}"}), json!({"pause": 0.1})]);
    }
    let words = [PROGRAM, "run", "--", "python3", "-c", script];
    let seen = on_a_terminal(&account.client(), &words, &Value::Array(steps));
    assert_eq!(
        seen.code, 7,
        "the command's own end, which it chose after Ctrl-C: {seen:?}"
    );
    assert!(seen.seen.contains("interrupted 10 times"), "{seen:?}");
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn ctrl_c_ends_a_wait_and_closes_the_session() {
    let (_server, account) = Server::with_account();
    let steps = json!([{"expect": "waiting up to"}, {"pause": 0.3}, {"send": "\u{3}"}]);
    let seen = on_a_terminal(
        &account.client(),
        &[PROGRAM, "run", "--require", "A", "--wait", "60", "--", "true"],
        &steps,
    );
    assert_eq!(seen.code, BY_CTRL_C, "{seen:?}");
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn ctrl_c_ends_the_script_around_it_too() {
    let (_server, account) = Server::with_account();
    let script = format!("while :; do {PROGRAM} run -- sh -c 'echo rea\"\"dy; sleep 60'; echo on; done");
    let steps = json!([{"expect": "ready"}, {"pause": 0.2}, {"send": "\u{3}"}]);
    for is_redacted in [false, true] {
        if is_redacted {
            // From now on the command is at a terminal of its own, and the keys reach it alone.
            account.store("KEY", "not-a-real-one-41bd9c7e");
        }
        let seen = on_a_terminal(&account.client(), &["/bin/bash", "-c", &script], &steps);
        assert_eq!(seen.code, BY_CTRL_C, "{is_redacted}: {seen:?}");
        assert!(!seen.seen.contains("on\r\n"), "{is_redacted}: {seen:?}");
        assert!(account.live_sandboxes().is_empty());
    }
}

#[test]
fn who_interrupts_the_command_alone_ends_it_alone() {
    let (_server, account) = Server::with_account();
    account.store("KEY", "not-a-real-one-41bd9c7e");
    let script = format!("{PROGRAM} run -- sh -c 'kill -INT $$'; echo go\"\"ne on");
    let seen = on_a_terminal(&account.client(), &["/bin/bash", "-c", &script], &json!([]));
    assert_eq!((seen.code, seen.seen.as_str()), (0, "gone on\r\n"), "{seen:?}");
}

#[test]
fn ctrl_z_and_fg_work_as_with_the_command_alone() {
    let (_server, account) = Server::with_account();
    let steps = json!([
        {"send": format!("{PROGRAM} run -- sh -c 'echo rea\"\"dy; sleep 60; :'\r")},
        {"expect": "ready"}, {"pause": 0.2}, {"send": "\u{1a}"},
        {"expect": "Stopped"}, {"send": "fg\r"}, {"pause": 0.5}, {"send": "\u{3}"},
        {"pause": 0.5}, {"send": "echo co\"\"de=$?\r"}, {"expect": "code="}, {"send": "exit 0\r"},
    ]);
    let seen = on_a_terminal(&account.client(), &["/bin/bash", "--norc", "--noprofile", "-i"], &steps);
    assert!(seen.seen.contains("code=130"), "{seen:?}");
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn a_terminal_that_is_closed_ends_the_command_in_its_own_way() {
    let (_server, account) = Server::with_account();
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("log");
    let script = format!(
        "trap 'echo told >> {}; exit 3' HUP; echo ready; while :; do sleep 0.1; done",
        log.display()
    );
    account.store("KEY", "not-a-real-one-41bd9c7e");
    // The program leads the terminal's session here, so the kernel tells it alone.
    for words in [&["run"][..], &["run", "--no-redact"]] {
        let words = [&[PROGRAM], words, &["--", "sh", "-c", &script]].concat();
        let steps = json!([{"expect": "ready"}, {"hang_up": true}]);
        let seen = on_a_terminal(&account.client(), &words, &steps);
        assert_eq!(seen.code, 3, "{words:?}: {seen:?}");
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "told\n", "{words:?}");
        std::fs::remove_file(&log).unwrap();
    }
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn json_for_the_eye_ends_in_a_line_break() {
    let (_server, account) = Server::with_account();
    account.store("A", "a");
    let seen = on_a_terminal(&account.sandbox_client(), &[PROGRAM, "env"], &json!([]));
    assert_eq!(seen.seen, "{\"A\":\"a\"}\r\n");
}
