//! Signals that a process sends to `strongroom` reach the command, once. (Those of a terminal: `terminal.rs`.)

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{sleep, spawn};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::client::Client;
use crate::server::Server;

/// Says each signal that it gets; ends at USR2.
const COUNTER: &str = "\
import signal, sys, time
names = ['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2', 'ALRM', 'WINCH']
def say(number, frame):
    name = signal.Signals(number).name
    print(name, flush=True)
    if name == 'SIGUSR2': sys.exit(9)
for name in names: signal.signal(getattr(signal, 'SIG' + name), say)
print('ready', flush=True)
while True: time.sleep(1)
";

pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    /// In a process group of its own, as a shell starts a job: a group without a parent in the session is orphaned,
    /// and SIGTSTP stops nobody there (POSIX, XSH 2.4.3).
    pub(crate) fn start(mut command: Command) -> Self {
        command.process_group(0);
        Self::start_here(command)
    }

    fn start_here(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (read, lines) = channel();
        spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| read.send(line))
        });
        let running = Self { child, lines };
        assert_eq!(running.next(), "ready");
        running
    }

    pub(crate) fn id(&self) -> i32 {
        Pid::from_child(&self.child).as_raw_pid()
    }

    fn python(client: &Client, script: &str) -> Self {
        Self::start(client.command(&["run", "--", "python3", "-c", script]))
    }

    /// The next line. One that never comes is a failure here, and not a test without end.
    pub(crate) fn next(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(60)).expect("another line")
    }

    fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    pub(crate) fn end(mut self) -> (Option<i32>, Vec<String>) {
        let mut rest = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => rest.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end: {rest:?}"),
            }
        }
        (self.child.wait().unwrap().code(), rest)
    }
}

/// Nothing stays behind when a test fails: both are woken, and the command is ended through the program.
impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.send(Signal::TERM);
            self.send(Signal::CONT);
            sleep(Duration::from_millis(300));
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[test]
fn each_signal_arrives_once() {
    let (_server, account) = Server::with_account();
    let running = Running::python(&account.client(), COUNTER);
    for (signal, name) in [
        (Signal::HUP, "SIGHUP"),
        (Signal::INT, "SIGINT"),
        (Signal::QUIT, "SIGQUIT"),
        (Signal::TERM, "SIGTERM"),
        (Signal::USR1, "SIGUSR1"),
        (Signal::ALARM, "SIGALRM"),
        (Signal::WINCH, "SIGWINCH"),
    ] {
        running.send(signal);
        assert_eq!(running.next(), name);
    }
    sleep(Duration::from_millis(300));
    running.send(Signal::USR2);
    assert_eq!(
        running.end(),
        (Some(9), vec!["SIGUSR2".to_owned()]),
        "nothing came twice"
    );
}

#[test]
fn a_command_that_says_nothing_about_it_is_ended() {
    let (_server, account) = Server::with_account();
    let running = Running::start(
        account
            .client()
            .command(&["run", "--", "sh", "-c", "echo ready; exec sleep 30"]),
    );
    running.send(Signal::TERM);
    assert_eq!(running.end().0, Some(143));
}

const SLEEPER: &str = "\
import os, time
print('ready', flush=True)
print(os.getpid(), flush=True)
while True: time.sleep(0.1)";

#[test]
fn stopping_and_waking_reach_the_command_too() {
    let (_server, account) = Server::with_account();
    let running = Running::python(&account.client(), SLEEPER);
    let command: i32 = running.next().parse().unwrap();
    for _ in 0..2 {
        running.send(Signal::TSTP);
        until_state(command, 'T');
        until_state(running.id(), 'T');
        running.send(Signal::CONT);
        until_state(command, 'S');
        until_state(running.id(), 'S');
    }
    running.send(Signal::TERM);
    assert_eq!(running.end().0, Some(143));
}

#[test]
fn who_suspends_the_command_alone_wakes_it_alone() {
    let (_server, account) = Server::with_account();
    let running = Running::python(&account.client(), SLEEPER);
    let command = Pid::from_raw(running.next().parse().unwrap()).unwrap();
    kill_process(command, Signal::STOP).unwrap();
    until_state(command.as_raw_pid(), 'T');
    sleep(Duration::from_millis(200));
    until_state(running.id(), 'S');
    kill_process(command, Signal::CONT).unwrap();
    running.send(Signal::TERM);
    assert_eq!(running.end().0, Some(143));
}

#[test]
fn where_no_shell_looks_after_it_nothing_is_suspended() {
    let (_server, account) = Server::with_account();
    let words = [crate::client::PROGRAM, "run", "--", "python3", "-c", SLEEPER];
    // A session of its own, so that its process group is orphaned.
    let running = Running::start_here(account.client().prepared(Command::new("setsid"), &words));
    let command: i32 = running.next().parse().unwrap();
    running.send(Signal::TSTP);
    sleep(Duration::from_millis(300));
    until_state(command, 'S');
    until_state(running.id(), 'S');
    running.send(Signal::TERM);
    assert_eq!(running.end().0, Some(143));
}

#[test]
fn a_signal_that_was_ignored_from_the_start_stays_ignored() {
    let (_server, account) = Server::with_account();
    let client = account.client();
    // What nohup does, and a shell with a background job.
    let script = "trap '' HUP; exec \"$0\" \"$@\"";
    let reader = "import signal; print('ready', flush=True); print(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN, \
                  signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, flush=True); import time; time.sleep(30)";
    let command = Command::new("sh");
    let words = [
        "-c",
        script,
        crate::client::PROGRAM,
        "run",
        "--",
        "python3",
        "-c",
        reader,
    ];
    let running = Running::start(client.prepared(command, &words));
    assert_eq!(running.next(), "True True");
    running.send(Signal::HUP);
    sleep(Duration::from_millis(300));
    running.send(Signal::TERM);
    assert_eq!(running.end().0, Some(143), "TERM ended it, not HUP");
}

fn until_state(process: i32, wanted: char) {
    let mut state = None;
    for _ in 0..250 {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        if state == Some(wanted) {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("process {process} is in state {state:?}, not {wanted}");
}
