//! How the program ends when it could not do what it was asked.

use crate::output;

/// The exit status of the program's own failures: wrong usage, no server, a refusal by the server.
///
/// The three numbers are those of `env`, `timeout` and `nohup` (POSIX, and GNU coreutils for 125), so that a script can
/// tell a failure of `strongroom` from one of the command it runs.
pub(crate) const OWN_FAILURE: u8 = 125;
/// What was asked for is not there: the person said no, or nobody answered while that was possible.
pub(crate) const NOT_GIVEN: u8 = 1;
/// A command line that cannot be understood, for a command whose other failures have numbers of their own.
pub(crate) const USAGE: u8 = 2;
/// The time for waiting is up, as `timeout` says it.
pub(crate) const TIME_IS_UP: u8 = 124;
/// The command was found but could not be started.
pub(crate) const NOT_EXECUTABLE: u8 = 126;
/// The command was not found.
pub(crate) const NOT_FOUND: u8 = 127;
/// Added to a signal's number when the command, or the program before it had started one, was ended by that signal.
pub(crate) const SIGNAL_BASE: i32 = 128;

/// What went wrong, in words for the person at the terminal, and the exit status that says so to a script.
///
/// Each line of the message is shown behind `strongroom: `. A message never holds a value or a token; whoever makes one
/// sees to it.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: u8,
    message: String,
    signal: Option<i32>,
}

impl Failure {
    /// A failure of the program itself, exit status 125.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::with_exit(OWN_FAILURE, message)
    }

    /// A failure with another exit status.
    pub(crate) fn with_exit(exit: u8, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            signal: None,
        }
    }

    /// An end without a message, for a signal: the person who pressed Ctrl-C knows what happened.
    pub(crate) fn by_signal(signal: i32) -> Self {
        Self {
            signal: Some(signal),
            ..Self::with_exit(exit_for_signal(signal), String::new())
        }
    }

    /// The exit status to end with.
    pub(crate) fn exit(&self) -> u8 {
        self.exit
    }

    /// The signal to end for, see [`crate::signals::end_for`].
    pub(crate) fn signal(&self) -> Option<i32> {
        self.signal
    }

    /// Writes the message to standard error.
    pub(crate) fn report(&self) {
        for line in self.message.lines() {
            output::note(line);
        }
    }

    /// The message, for tests.
    #[cfg(test)]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

/// The exit status that tells of signal number `signal`: 128 + N, as shells report it.
pub(crate) fn exit_for_signal(signal: i32) -> u8 {
    u8::try_from(SIGNAL_BASE.saturating_add(signal)).unwrap_or(OWN_FAILURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_told_as_128_plus_its_number() {
        assert_eq!(exit_for_signal(2), 130);
        assert_eq!(exit_for_signal(15), 143);
        assert_eq!(exit_for_signal(64), 192);
    }

    #[test]
    fn a_number_that_is_no_exit_status_becomes_our_own_failure() {
        assert_eq!(exit_for_signal(4000), OWN_FAILURE);
        assert_eq!(exit_for_signal(-129), OWN_FAILURE);
    }
}
