//! The course of one run, and what a signal means at each point of it.

use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::Pid;

use super::redacted::Terminals;
use super::relay::Relay;
use crate::api::Client;
use crate::failure::Failure;
use crate::output;
use crate::signals::{self, Received};

/// A sandbox session that this program opened and has to close.
pub(super) struct Session {
    client: Client,
    id: String,
}

impl Session {
    pub(super) fn new(client: Client, id: String) -> Self {
        Self { client, id }
    }

    /// The command's end is what counts by now, so a failure is told and no more: the session ends by itself.
    fn close(self) {
        if let Err(error) = self.client.close_sandbox(&self.id) {
            output::note(&format!(
                "the sandbox session was not closed, and ends by itself when its time is up: {error}"
            ));
        }
    }
}

/// Where the run is.
enum Stage {
    /// Before there is a session. A signal is kept until it is known whether one was opened.
    Opening {
        cancelled: Option<i32>,
    },
    /// A session may be open, and the environment is being fetched, or waited for.
    Fetching,
    /// The command runs.
    Running(Relay),
    /// The command has ended, and the rest of its output is passed on.
    Ended(Terminals),
    Over,
}

impl Stage {
    fn cancelled(&self) -> Option<Failure> {
        match self {
            Self::Opening {
                cancelled: Some(signal),
            } => Some(Failure::by_signal(*signal)),
            _ => None,
        }
    }
}

struct State {
    stage: Stage,
    session: Option<Session>,
}

/// Shared by the run and the thread that receives signals. Each holds the lock for a whole step: a signal never finds
/// a run between two stages.
pub(super) struct Course(Mutex<State>);

impl Course {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State {
            stage: Stage::Opening { cancelled: None },
            session: None,
        }))
    }

    /// The way to end if a signal came while the session was being opened.
    pub(super) fn cancelled(&self) -> Option<Failure> {
        self.lock().stage.cancelled()
    }

    /// The session is open, or there is none to open. Fails if a signal came in the meantime.
    pub(super) fn fetching(&self, session: Option<Session>) -> Result<(), Failure> {
        let mut state = self.lock();
        state.session = session;
        match state.stage.cancelled() {
            Some(failure) => Err(failure),
            None => {
                state.stage = Stage::Fetching;
                Ok(())
            }
        }
    }

    /// Starts the command, with the terminals that it is given. Signals that come while it is being started are
    /// dealt with when it is known.
    pub(super) fn start(
        &self,
        terminals: Terminals,
        start: impl FnOnce() -> Result<Child, Failure>,
    ) -> Result<Child, Failure> {
        let mut state = self.lock();
        let child = start()?;
        state.stage = Stage::Running(Relay::to(Pid::from_child(&child), terminals));
        Ok(child)
    }

    /// The command was suspended.
    pub(super) fn suspended(&self) {
        if let Stage::Running(relay) = &mut self.lock().stage {
            relay.child_suspended();
        }
    }

    /// The command has ended: nothing is forwarded any more, and the session is closed. What it left running may hold
    /// its output open for long, so until `over` a signal ends us.
    pub(super) fn ended(&self) {
        {
            let mut state = self.lock();
            let terminals = match &state.stage {
                Stage::Running(relay) => relay.terminals(),
                _ => Terminals::default(),
            };
            state.stage = Stage::Ended(terminals);
        }
        self.close();
    }

    /// All is done, but for the exit status, which no signal takes away any more.
    pub(super) fn over(&self) {
        self.lock().stage = Stage::Over;
    }

    /// Closes the session, if one is open.
    pub(super) fn close(&self) {
        // The lock is held meanwhile: a signal now must not end the process before the session is closed.
        let mut state = self.lock();
        if let Some(session) = state.session.take() {
            session.close();
        }
    }

    /// What a signal does.
    pub(super) fn receive(&self, received: Received) {
        let mut state = self.lock();
        match &mut state.stage {
            Stage::Over => {}
            Stage::Running(relay) => relay.receive(received),
            _ if received.suspends() => signals::suspend_self(),
            _ if !received.ends() => {}
            Stage::Ended(terminals) => {
                terminals.let_go();
                signals::end_for(received.signal);
            }
            Stage::Opening { cancelled } => match cancelled {
                // Twice: somebody is in a hurry. A session that is opened this moment ends by itself.
                Some(_) => signals::end_for(received.signal),
                None => *cancelled = Some(received.signal),
            },
            Stage::Fetching => {
                if let Some(session) = state.session.take() {
                    session.close();
                }
                signals::end_for(received.signal);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use std::process::Command;

    use signal_hook::consts::{SIGINT, SIGTERM, SIGWINCH};

    use super::*;
    use crate::child::{exit_code, wait_for_end};

    fn received(signal: i32, by_process: bool) -> Received {
        Received { signal, by_process }
    }

    fn running(script: &str) -> (Course, Child) {
        let course = Course::new();
        course.fetching(None).unwrap();
        let child = course
            .start(Terminals::default(), || {
                Ok(Command::new("sh").args(["-c", script]).spawn().unwrap())
            })
            .unwrap();
        (course, child)
    }

    #[test]
    fn a_signal_while_opening_ends_the_run_before_it_fetches() {
        let course = Course::new();
        course.receive(received(SIGWINCH, false));
        assert!(course.cancelled().is_none());
        course.receive(received(SIGINT, false));
        assert_eq!(course.cancelled().unwrap().exit(), 130);
        assert_eq!(course.fetching(None).unwrap_err().exit(), 130);
    }

    #[test]
    fn a_signal_from_a_process_reaches_the_command() {
        let (course, mut child) = running("sleep 30");
        course.receive(received(SIGTERM, true));
        wait_for_end(&child, |_| course.suspended());
        assert_eq!(exit_code(child.wait().unwrap()), 143);
    }

    #[test]
    fn a_signal_of_the_terminal_is_not_doubled() {
        let (course, mut child) = running("sleep 0.3; exit 7");
        course.receive(received(SIGINT, false));
        wait_for_end(&child, |_| course.suspended());
        course.over();
        course.receive(received(SIGTERM, true));
        assert_eq!(exit_code(child.wait().unwrap()), 7);
    }
}
