//! This process's place among a terminal's: its session, its process group, and who looks after them.
//!
//! Session and group may be led from outside our PID namespace (a container entered without a session of its own), and
//! the kernel says 0 then (pid_namespaces(7)). Hence `nix`, whose `Pid` may be 0: `rustix` takes that for impossible.

use std::io::stdin;

use nix::unistd::{getpgid, getpgrp, getpid, getppid, getsid, tcgetpgrp};
use rustix::process::{Signal, kill_current_process_group};

/// Whether this process leads its session.
pub(crate) fn leads_session() -> bool {
    getsid(None) == Ok(getpid())
}

/// Whether the terminal at standard input is ours to read and to set: its foreground is our process group.
pub(crate) fn is_in_foreground() -> bool {
    // Where both are outside, both are 0: the job was started there as a whole, with the terminal as a rule.
    tcgetpgrp(stdin()) == Ok(getpgrp())
}

/// Sends SIGINT to our process group, ourselves included, if the terminal is ours: what Ctrl-C does.
pub(crate) fn interrupt() {
    if is_in_foreground() {
        let _ = kill_current_process_group(Signal::INT);
    }
}

/// Whether somebody would wake us: our process group has a parent in the session, a shell with job control as a rule.
/// Without one a terminal suspends nobody (POSIX, XSH 2.4.3), and so nor do we.
pub(crate) fn is_looked_after() -> bool {
    let parent = Some(getppid());
    let in_session = getsid(parent).is_ok_and(|session| getsid(None) == Ok(session));
    in_session && getpgid(parent).is_ok_and(|group| group != getpgrp())
}
