//! The real terminal, while the command is at one of its own: what is typed goes there as it is, Ctrl-C and Ctrl-Z too.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, read, write};
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use super::pty::Pty;
use crate::job;

/// How often a job in the background looks whether it is in the foreground: a shell says so by SIGCONT to a job that
/// was suspended, and not to one that ran all the time.
const LOOKING: Duration = Duration::from_millis(250);

/// Whose the terminal is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// Another's: we are in the background, or suspended.
    Other,
    /// In raw mode, and what is typed is the command's.
    Command,
    /// The command has ended.
    Over,
}

/// The real terminal, and the command's own.
pub(in crate::commands::run) struct Keyboard {
    pty: Arc<Pty>,
    state: Mutex<State>,
    changed: Condvar,
    interrupted: AtomicBool,
}

struct State {
    owner: Owner,
    /// What the terminal had before it was made the command's. In the background it has the modes of another, so the
    /// command's own gets them when it is brought forward.
    modes: Option<Termios>,
}

impl Keyboard {
    pub(super) fn at(pty: Arc<Pty>) -> Self {
        Self {
            pty,
            state: Mutex::new(State {
                owner: Owner::Other,
                modes: None,
            }),
            changed: Condvar::new(),
            interrupted: AtomicBool::new(false),
        }
    }

    /// Whether Ctrl-C was typed, and was a signal to what ran.
    pub(in crate::commands::run) fn has_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Acquire)
    }

    /// Begins to pass on what is typed.
    pub(super) fn listen(self: &Arc<Self>) -> io::Result<()> {
        self.take();
        let keyboard = Arc::clone(self);
        // Ends with the process: nothing wakes it from waiting for a key.
        thread::Builder::new()
            .name("keyboard".to_owned())
            .spawn(move || while keyboard.pass_on().is_ok() {})?;
        Ok(())
    }

    /// Makes the terminal the command's, if it is ours to give.
    pub(in crate::commands::run) fn take(&self) {
        let mut state = self.lock();
        if state.owner == Owner::Other && job::is_in_foreground() {
            // Fails only for what is no terminal any more.
            let _ = self.make_raw(&mut state);
        }
        drop(state);
        self.pty.resize();
    }

    fn make_raw(&self, state: &mut State) -> rustix::io::Result<()> {
        let modes = tcgetattr(stdin())?;
        let mut raw = modes.clone();
        raw.make_raw();
        tcsetattr(stdin(), OptionalActions::Now, &raw)?;
        if state.modes.is_none() {
            tcsetattr(&*self.pty, OptionalActions::Now, &modes)?;
        }
        *state = State {
            owner: Owner::Command,
            modes: Some(modes),
        };
        self.changed.notify_all();
        Ok(())
    }

    /// Makes it as it was, for whoever is next.
    pub(in crate::commands::run) fn give_back(&self) {
        self.leave_to(Owner::Other);
    }

    /// As it was, for good.
    pub(super) fn over(&self) {
        self.leave_to(Owner::Over);
    }

    fn leave_to(&self, next: Owner) {
        let mut state = self.lock();
        if let Some(modes) = state
            .modes
            .as_ref()
            .filter(|_| state.owner == Owner::Command && job::is_in_foreground())
        {
            // What the command has printed goes out in its modes first. Fails only for what is no terminal any more.
            let _ = tcsetattr(stdin(), OptionalActions::Drain, modes);
        }
        if state.owner != Owner::Over {
            state.owner = next;
        }
    }

    /// Waits until something is typed for the command, and passes it on. Fails when nothing will be.
    fn pass_on(&self) -> rustix::io::Result<()> {
        while !self.is_taken()? {
            self.take();
        }
        poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], None).or_else(if_interrupted)?;
        if !job::is_in_foreground() {
            self.give_back();
            return Ok(());
        }
        let mut typed = [0; 4096];
        let count = match read(stdin(), &mut typed) {
            Ok(0) => return Err(Errno::IO),
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut rest = typed.get(..count).unwrap_or_default();
        if tcgetattr(&*self.pty).is_ok_and(|modes| interrupts(&modes, rest)) {
            self.interrupted.store(true, Ordering::Release);
        }
        while !rest.is_empty() {
            let written = write(&*self.pty, rest).or_else(if_interrupted)?;
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether the terminal is the command's; if it is not, after a while.
    fn is_taken(&self) -> rustix::io::Result<bool> {
        let state = self.lock();
        let (state, _) = self
            .changed
            .wait_timeout_while(state, LOOKING, |state| state.owner == Owner::Other)
            .unwrap_or_else(PoisonError::into_inner);
        match state.owner {
            Owner::Command => Ok(true),
            Owner::Other => Ok(false),
            Owner::Over => Err(Errno::IO),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether one of these keys is a signal in those modes.
fn interrupts(modes: &Termios, keys: &[u8]) -> bool {
    modes.local_modes.contains(LocalModes::ISIG) && keys.contains(&modes.special_codes[SpecialCodeIndex::VINTR])
}

fn if_interrupted<T: Default>(error: Errno) -> rustix::io::Result<T> {
    if error == Errno::INTR {
        Ok(T::default())
    } else {
        Err(error)
    }
}
