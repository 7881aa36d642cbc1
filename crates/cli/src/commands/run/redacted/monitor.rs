//! The command's session on a terminal of its own.
//!
//! A terminal's keys reach the processes of one session, so a command at a terminal of its own needs a session of its
//! own; and what leads a session cannot be suspended by Ctrl-Z, since its group is orphaned (POSIX, XBD 3.264). So this
//! program is started once more, as the leader of the session, with the command in a group of its own below it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Child;

use rustix::process::{Pid, Signal, getpid, ioctl_tiocsctty, kill_process, kill_process_group, setsid};
use rustix::stdio::stdin;
use rustix::termios::{tcgetpgrp, tcsetpgrp};

use crate::args::MONITOR;
use crate::child::{self, Invocation};
use crate::failure::Failure;
use crate::signals;

/// This program, as it runs, even if its file has been replaced meanwhile (proc(5)).
const THIS_PROGRAM: &str = "/proc/self/exe";

/// What starts the monitor of a command.
pub(super) fn of(command: Invocation) -> Invocation {
    let mut arguments = vec![OsString::from(MONITOR), command.program];
    arguments.extend(command.arguments);
    Invocation {
        program: THIS_PROGRAM.into(),
        arguments,
    }
}

/// Leads the session of the terminal at standard input, and runs the command in its foreground.
pub(in crate::commands) fn execute(command: &Invocation) -> Result<u8, Failure> {
    setsid().and_then(|_| ioctl_tiocsctty(stdin())).map_err(|error| {
        Failure::new(format!(
            "cannot take the terminal that was made for the command: {error}"
        ))
    })?;
    let mut prepared = command.prepared();
    prepared.process_group(0);
    let mut child = command.spawn(prepared)?;
    let group = Pid::from_child(&child);
    // It may have wanted to read before it was in the foreground; `stopped` wakes it then.
    tcsetpgrp(stdin(), group).map_err(|error| lost(&mut child, &format!("cannot give it the terminal: {error}")))?;
    // Ours to pass on are those that the client sends; the keys of the terminal reach the foreground without us.
    signals::listen(move |received| {
        if received.by_process && !received.resumes() {
            signals::forward(received.signal, group);
        }
    })
    .map_err(|error| lost(&mut child, &format!("cannot listen for signals: {error}")))?;
    child::wait_for_end(&child, |signal| stopped(group, signal));
    child::end_of(&mut child)
}

/// The command was suspended: so are we, which tells the client, unless it was suspended by somebody who will wake it
/// (`kill -STOP`, a debugger).
fn stopped(group: Pid, signal: Signal) {
    let waits_for_terminal = [Signal::TTIN, Signal::TTOU].contains(&signal);
    if waits_for_terminal && tcgetpgrp(stdin()).is_ok_and(|foreground| foreground == group) {
        // It asked a moment before it was given the terminal.
        wake(group);
    } else if waits_for_terminal || signal == Signal::TSTP {
        // Not by SIGTSTP, which suspends nobody in an orphaned group.
        let _ = kill_process(getpid(), Signal::STOP);
        // The client has woken us.
        wake(group);
    }
}

fn wake(group: Pid) {
    // It may have ended in the meantime, which is no failure.
    let _ = kill_process_group(group, Signal::CONT);
}

/// Nothing may go on that nobody looks after.
fn lost(child: &mut Child, what: &str) -> Failure {
    let _ = child.kill();
    let _ = child.wait();
    Failure::new(format!("the command was ended: {what}"))
}
