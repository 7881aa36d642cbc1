//! Passing signals on to the command that runs.

use std::time::{Duration, Instant};

use rustix::process::Pid;
use signal_hook::consts::{SIGCONT, SIGHUP};

use super::redacted::Terminals;
use crate::job;
use crate::signals::{self, Received};

/// How long after Ctrl-Z a command may take to suspend itself, tidying up before, and still take us along.
const SUSPENDING: Duration = Duration::from_secs(5);

/// The command, and whether it was just asked to suspend itself.
pub(super) struct Relay {
    /// The command; at a terminal of its own, its monitor, which passes on what it is sent.
    child: Pid,
    terminals: Terminals,
    asked_to_suspend: Option<Instant>,
}

impl Relay {
    pub(super) fn to(child: Pid, terminals: Terminals) -> Self {
        Self {
            child,
            terminals,
            asked_to_suspend: None,
        }
    }

    pub(super) fn terminals(&self) -> Terminals {
        self.terminals.clone()
    }

    /// What a signal does. A command at a terminal of its own is not in our process group, so nothing has reached it.
    pub(super) fn receive(&mut self, received: Received) {
        if received.resizes() {
            self.terminals.resize();
        }
        let Some(keyboard) = &self.terminals.keyboard else {
            return self.receive_in_group(received);
        };
        if received.resumes() {
            keyboard.take();
            if !signals::is_known_to_go_on(self.child) {
                signals::forward(received.signal, self.child);
            }
        } else if !received.resizes() {
            signals::forward(received.signal, self.child);
        }
    }

    /// A signal of the terminal has reached the command already, since it is in the same process group; one from a
    /// process was meant for whoever it thinks we are, which is the command.
    fn receive_in_group(&mut self, received: Received) {
        if received.resumes() {
            self.asked_to_suspend = None;
            // A shell's `fg` wakes the whole group; only `kill -CONT` to us alone leaves the command asleep.
            if received.by_process && signals::is_suspended(self.child) {
                signals::forward(received.signal, self.child);
            }
            return;
        }
        // It may have looked at the size of its terminals before that was set.
        // And when a terminal is closed, the kernel tells the leader of its session alone, which may be us.
        let alone = received.signal == SIGHUP && job::leads_session();
        if received.by_process || alone || received.resizes() && !self.terminals.is_empty() {
            signals::forward(received.signal, self.child);
        }
        if received.suspends() {
            self.asked_to_suspend = Some(Instant::now());
            // It may have been quicker than this thread.
            if signals::is_suspended(self.child) {
                self.follow();
            }
        }
    }

    /// The command was suspended. We follow if that was asked of both, so that the shell sees its job stopped.
    ///
    /// Not otherwise: whoever suspends the command alone (a debugger, `kill -STOP`) will wake it alone, and we would
    /// sleep on. And not unless it really was: in a process group that no shell looks after, SIGTSTP stops nobody
    /// (POSIX, XSH 2.4.3), and a command may decline.
    ///
    /// At a terminal of its own the monitor has decided that already.
    pub(super) fn child_suspended(&mut self) {
        if let Some(keyboard) = &self.terminals.keyboard {
            // The monitor may not be looked at where /proc is mounted so (`hidepid`): it was suspended just now.
            if signals::is_known_to_go_on(self.child) {
                return;
            }
            if job::is_looked_after() {
                keyboard.give_back();
                self.follow();
            } else {
                signals::forward(SIGCONT, self.child);
            }
        } else if self.asked_to_suspend.is_some_and(|at| at.elapsed() < SUSPENDING) && signals::is_suspended(self.child)
        {
            self.follow();
        }
    }

    /// Returns when somebody has woken us.
    fn follow(&mut self) {
        self.asked_to_suspend = None;
        signals::suspend_self();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use std::process::Command;

    use signal_hook::consts::{SIGTSTP, SIGUSR1};

    use super::*;

    #[test]
    fn a_command_that_was_not_suspended_is_not_followed() {
        let mut child = Command::new("sleep").arg("30").spawn().unwrap();
        let mut relay = Relay::to(Pid::from_child(&child), Terminals::default());
        // Were we to follow, the tests would stop here.
        relay.receive(Received {
            signal: SIGTSTP,
            by_process: false,
        });
        relay.child_suspended();
        relay.receive(Received {
            signal: SIGUSR1,
            by_process: true,
        });
        assert!(!child.wait().unwrap().success());
    }
}
