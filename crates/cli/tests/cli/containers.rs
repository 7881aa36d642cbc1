//! In a PID namespace whose session, process group and parent are outside: what a container is, entered without a session
//! of its own. The kernel says 0 for each of the three there (pid_namespaces(7)), and the program is process 1.

use std::fs::read_to_string;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::client::PROGRAM;
use crate::server::Server;
use crate::signals::Running;
use crate::terminal::on_a_terminal;

const UNSHARE: &str = "/usr/bin/unshare";
const OPTIONS: [&str; 4] = ["--pid", "--fork", "--kill-child", "--mount-proc"];

/// Without rights of one's own a namespace needs another, of users, which not every machine grants.
fn options() -> Option<Vec<&'static str>> {
    let candidates = [OPTIONS.to_vec(), [&["--map-root-user"], &OPTIONS[..]].concat()];
    let found = candidates.into_iter().find(|options| {
        let tried = Command::new(UNSHARE).args(options).arg("true").output();
        tried.is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        eprintln!("skipped: no PID namespace can be made here");
    }
    found
}

/// `unshare` has one child: process 1 of the namespace.
fn program_in(running: &Running) -> Pid {
    let unshare = running.id();
    let children = read_to_string(format!("/proc/{unshare}/task/{unshare}/children")).unwrap();
    Pid::from_raw(children.trim().parse().unwrap()).unwrap()
}

#[test]
fn a_signal_reaches_the_command() {
    let Some(options) = options() else { return };
    let (_server, account) = Server::with_account();
    let script = "\
import signal, sys, time
signal.signal(signal.SIGUSR1, lambda *_: print('woken', flush=True))
signal.signal(signal.SIGHUP, lambda *_: sys.exit(9))
print('ready', flush=True)
while True: time.sleep(0.1)";
    let words = [&options[..], &[PROGRAM, "run", "--", "python3", "-c", script]].concat();
    let running = Running::start(account.client().prepared(Command::new(UNSHARE), &words));
    let program = program_in(&running);
    kill_process(program, Signal::USR1).unwrap();
    assert_eq!(running.next(), "woken");
    kill_process(program, Signal::HUP).unwrap();
    assert_eq!(running.end().0, Some(9));
}

#[test]
fn the_signal_of_ctrl_c_ends_the_command_and_is_told() {
    let Some(options) = options() else { return };
    let (_server, account) = Server::with_account();
    let script = "echo ready; exec sleep 60";
    let words = [&options[..], &[PROGRAM, "run", "--", "sh", "-c", script]].concat();
    let running = Running::start(account.client().prepared(Command::new(UNSHARE), &words));
    kill_process(program_in(&running), Signal::INT).unwrap();
    // Process 1 cannot end itself by a signal.
    assert_eq!(running.end().0, Some(130));
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn in_the_background_the_terminal_is_left_alone() {
    let Some(options) = options() else { return };
    let (_server, account) = Server::with_account();
    account.store("KEY", "correct-horse-battery");
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("log");
    let program = format!("{UNSHARE} {} {PROGRAM}", options.join(" "));
    let line = format!(
        "{program} run -- sh -c 'echo ran > {}; echo fi\"\"nished' &\r",
        log.display()
    );
    // Bash waits for the job, which nobody brings to the foreground.
    let steps = json!([{"send": line}, {"expect": "finished"}, {"send": "wait; exit 0\r"}]);
    let seen = on_a_terminal(&account.client(), &["/bin/bash", "--norc", "--noprofile", "-i"], &steps);
    assert_eq!(read_to_string(&log).unwrap_or_default(), "ran\n", "{seen:?}");
    assert!(!seen.seen.contains("Stopped"), "{seen:?}");
}

#[test]
fn what_is_typed_reaches_the_command() {
    let Some(options) = options() else { return };
    let (_server, account) = Server::with_account();
    account.store("KEY", "correct-horse-battery");
    let script = "import os; print('hello', input('who? '), os.environ['KEY'])";
    let words = [
        &[UNSHARE],
        &options[..],
        &[PROGRAM, "run", "--", "python3", "-c", script],
    ]
    .concat();
    let steps = json!([{"expect": "who?"}, {"send": "ada\r"}]);
    let seen = on_a_terminal(&account.client(), &words, &steps);
    assert_eq!(seen.code, 0, "{seen:?}");
    assert!(seen.seen.contains("hello ada [KEY]"), "{seen:?}");
}
