//! Receiving signals, and knowing who sent them.

use std::io;
use std::process::exit;
use std::thread;

use rustix::process::{Pid, Signal, getpid, kill_process};
use signal_hook::consts::{SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::emulate_default_handler;

use crate::failure::exit_for_signal;

/// The signals that are passed on. Not among them: those that cannot be caught, those of faults, and those that say
/// something about this process alone (`SIGCHLD`, `SIGPIPE`, `SIGTTIN`, …).
const PASSED_ON: [i32; 10] = [
    SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH, SIGCONT, SIGTSTP,
];

/// One signal that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) signal: i32,
    /// Sent by a process (`kill`, a supervisor), and so perhaps to us alone. Otherwise it came from the kernel: Ctrl-C,
    /// Ctrl-Z, a window resized or closed. Those go to the whole process group of the terminal, the command included.
    pub(crate) by_process: bool,
}

impl Received {
    /// Whether it ends a process that has said nothing about it.
    pub(crate) fn ends(self) -> bool {
        !matches!(self.signal, SIGWINCH | SIGCONT | SIGTSTP)
    }

    /// Whether it is Ctrl-Z, or its like from a process.
    pub(crate) fn suspends(self) -> bool {
        self.signal == SIGTSTP
    }

    /// Whether the terminal's window has another size.
    pub(crate) fn resizes(self) -> bool {
        self.signal == SIGWINCH
    }

    /// Whether it wakes a process that was suspended.
    pub(crate) fn resumes(self) -> bool {
        self.signal == SIGCONT
    }
}

/// Calls `receive` for every signal from now on, on a thread of its own.
///
/// A signal that was ignored when we were started stays ignored, for us and for the command: `nohup` and a shell's
/// background jobs rely on it, and a handler would be turned into the default action when the command is started.
pub(crate) fn listen(mut receive: impl FnMut(Received) + Send + 'static) -> io::Result<()> {
    let ignored = ignored_signals(&std::fs::read_to_string("/proc/self/status").unwrap_or_default());
    let heeded = PASSED_ON.iter().filter(|signal| !is_in(ignored, **signal));
    let mut signals = SignalsInfo::<WithOrigin>::new(heeded)?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for origin in signals.forever() {
            receive(Received {
                signal: origin.signal,
                by_process: origin.process.is_some(),
            });
        }
    })?;
    Ok(())
}

/// Sends a signal to the command. It may have ended in the meantime, which is no failure.
pub(crate) fn forward(signal: i32, child: Pid) {
    if let Some(signal) = Signal::from_named_raw(signal) {
        let _ = kill_process(child, signal);
    }
}

/// Ends this process for a signal: with 128 + N, as a shell says it.
///
/// For Ctrl-C by the signal itself. A shell ends the loop or the script around a command, and `make` what it makes, only if
/// that signal ended the command: with any status it is taken to have dealt with it. Process 1 of a container cannot be ended
/// so (pid_namespaces(7)).
pub(crate) fn end_for(signal: i32) -> ! {
    if signal == SIGINT && getpid() != Pid::INIT {
        let _ = emulate_default_handler(SIGINT);
    }
    exit(exit_for_signal(signal).into())
}

/// Suspends this process, all of its threads, until somebody wakes it.
pub(crate) fn suspend_self() {
    let _ = emulate_default_handler(SIGTSTP);
}

/// Whether that process is suspended (`T` in `/proc/PID/stat`, proc(5)).
pub(crate) fn is_suspended(process: Pid) -> bool {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    std::fs::read_to_string(path).is_ok_and(|stat| state(&stat) == Some('T'))
}

/// Whether that process is there to be seen, and is not suspended.
pub(crate) fn is_known_to_go_on(process: Pid) -> bool {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    std::fs::read_to_string(path).is_ok_and(|stat| state(&stat).is_some_and(|state| state != 'T'))
}

/// The state stands behind the program's name, which is in parentheses and may hold some itself.
fn state(stat: &str) -> Option<char> {
    stat.rsplit_once(')')
        .and_then(|(_, rest)| rest.trim_start().chars().next())
}

/// The mask of ignored signals, from the text of `/proc/self/status`; empty where there is none.
fn ignored_signals(status: &str) -> u64 {
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

fn is_in(mask: u64, signal: i32) -> bool {
    u32::try_from(signal.saturating_sub(1))
        .ok()
        .and_then(|shift| mask.checked_shr(shift))
        .is_some_and(|rest| rest & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_the_mask() {
        let mask = ignored_signals("Name:\tx\nSigIgn:\t0000000000001003\nSigCgt:\t0\n");
        assert!(is_in(mask, SIGHUP) && is_in(mask, SIGINT));
        assert!(!is_in(mask, SIGQUIT) && !is_in(mask, SIGTERM));
        assert!(is_in(mask, 13), "SIGPIPE, which is bit 12");
        assert_eq!(ignored_signals(""), 0);
    }

    #[test]
    fn the_state_is_found_behind_any_name() {
        assert_eq!(state("12 (a) T) T 1 2"), Some('T'));
        assert_eq!(state("12 (sh) S 1 2"), Some('S'));
        assert_eq!(state(""), None);
    }

    #[test]
    fn a_resized_window_ends_nothing() {
        let received = |signal| Received {
            signal,
            by_process: false,
        };
        assert!(received(SIGTERM).ends() && received(SIGUSR1).ends());
        assert!(!received(SIGWINCH).ends() && !received(SIGCONT).ends() && !received(SIGTSTP).ends());
    }
}
