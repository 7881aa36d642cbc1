//! This process's place among a terminal's: its session, its process group, and who looks after them.
//!
//! Session and group may be led from outside our PID namespace (a container entered without a session of its own), and
//! the kernel says 0 then (pid_namespaces(7)). Hence `nix`, whose `Pid` may be 0: `rustix` takes that for impossible.

use std::io::stdin;

use nix::sys::signal::{SIGTTIN, SigSet, SigmaskHow};
use nix::unistd::{Pid, getpgid, getpgrp, getpid, getppid, getsid, read, tcgetpgrp};
use rustix::process::{Signal, kill_current_process_group};

/// Whether this process leads its session.
pub(crate) fn leads_session() -> bool {
    getsid(None) == Ok(getpid())
}

/// Whether the terminal at standard input is ours to read and to set: its foreground is our process group.
pub(crate) fn is_in_foreground() -> bool {
    let outside = Pid::from_raw(0);
    tcgetpgrp(stdin()).is_ok_and(|foreground| foreground == getpgrp() && (foreground != outside || may_read()))
}

/// Whether the kernel lets us read the terminal: with SIGTTIN blocked, who is in the background gets an error in place of the
/// signal (POSIX, XBD 11.1.4). Nothing is read.
fn may_read() -> bool {
    let mut blocked = SigSet::empty();
    blocked.add(SIGTTIN);
    let Ok(before) = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK) else {
        return false;
    };
    let may = read(stdin(), &mut []).is_ok();
    let _ = before.thread_set_mask();
    may
}

/// Sends SIGINT to our process group, ourselves included: what Ctrl-C does at a terminal that is not in raw mode.
pub(crate) fn interrupt() {
    let _ = kill_current_process_group(Signal::INT);
}

/// Whether somebody would wake us: our process group has a parent in the session, a shell with job control as a rule.
/// Without one a terminal suspends nobody (POSIX, XSH 2.4.3), and so nor do we.
pub(crate) fn is_looked_after() -> bool {
    let parent = Some(getppid());
    let in_session = getsid(parent).is_ok_and(|session| getsid(None) == Ok(session));
    in_session && getpgid(parent).is_ok_and(|group| group != getpgrp())
}
