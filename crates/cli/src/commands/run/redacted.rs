//! Taking what the command prints, and passing it on without the values.

mod keyboard;
pub(in crate::commands) mod monitor;
mod pass;
mod pty;

use std::io::{self, PipeWriter};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use redact::Patterns;
use rustix::fs::{Stat, fstat};
use rustix::io::Errno;
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::isatty;

use keyboard::Keyboard;
use pass::Passage;
use pty::Pty;

use crate::child::Invocation;

/// What the command is given in place of our standard streams, and where what it writes there is to go.
pub(super) struct Redacted {
    outlets: Vec<Outlet>,
    terminals: Terminals,
    command_input: Option<OwnedFd>,
    command_output: OwnedFd,
    command_error: OwnedFd,
}

/// The terminals that the command was given.
#[derive(Clone, Default)]
pub(super) struct Terminals {
    /// The real terminal, if the command is at one of its own.
    pub(super) keyboard: Option<Arc<Keyboard>>,
    all: Vec<Arc<Pty>>,
}

impl Terminals {
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The real terminal is as it was, for whoever is next.
    pub(super) fn let_go(&self) {
        if let Some(keyboard) = &self.keyboard {
            keyboard.over();
        }
    }

    /// Makes them as large as the real ones.
    pub(super) fn resize(&self) {
        for pty in &self.all {
            pty.resize();
        }
    }
}

/// One way out of the command.
struct Outlet {
    source: OwnedFd,
    /// A terminal device, which does not end with the command as long as a process in the background holds it.
    of_terminal: bool,
    destination: BorrowedFd<'static>,
}

impl Redacted {
    /// Makes what is needed, before the command is started.
    ///
    /// - Where standard input and output are one terminal, the command gets a terminal of its own, with job control
    ///   (`monitor.rs`): whatever it prints, to `/dev/tty` too, comes through here.
    /// - Otherwise each output that is a terminal is replaced by one of the same width, so that colours survive, and
    ///   each that is not by a pipe; the command stays in our process group, at our terminal.
    /// - Outputs that lead to one place (`2>&1`) stay one, so that what was printed keeps its order.
    pub(super) fn open() -> io::Result<Self> {
        let (output, error) = (fstat(stdout())?, fstat(stderr())?);
        let at_terminal = isatty(stdin()) && isatty(stdout()) && is_same(&fstat(stdin())?, &output);
        let mut outlets = Vec::new();
        let mut terminals = Terminals::default();
        let mut command_input = None;
        let command_output = if at_terminal {
            let (pty, device) = Pty::to_be_at(stdin())?;
            let pty = Arc::new(pty);
            terminals.keyboard = Some(Arc::new(Keyboard::at(Arc::clone(&pty))));
            command_input = Some(device.try_clone()?);
            outlets.push(Outlet {
                source: pty.reader()?,
                of_terminal: true,
                destination: stdout(),
            });
            terminals.all.push(pty);
            device
        } else {
            Outlet::to(stdout(), &mut outlets, &mut terminals)?
        };
        let command_error = if is_same(&output, &error) {
            command_output.try_clone()?
        } else {
            Outlet::to(stderr(), &mut outlets, &mut terminals)?
        };
        Ok(Self {
            outlets,
            terminals,
            command_input,
            command_output,
            command_error,
        })
    }

    /// What is started in place of the command.
    pub(super) fn invocation(&self, command: Invocation) -> Invocation {
        match self.terminals.keyboard {
            Some(_) => monitor::of(command),
            None => command,
        }
    }

    /// Gives the command its ends, and begins to pass on what comes out of them.
    pub(super) fn attach(self, command: &mut Command, patterns: &Arc<Patterns>) -> io::Result<Flow> {
        if let Some(input) = self.command_input {
            command.stdin(Stdio::from(input));
        }
        command.stdout(Stdio::from(self.command_output));
        command.stderr(Stdio::from(self.command_error));
        let (ended, end) = io::pipe()?;
        let mut flow = Flow {
            of_terminals: Vec::new(),
            of_pipes: Vec::new(),
            terminals: self.terminals,
            end: Some(end),
        };
        for outlet in self.outlets {
            let ended = outlet.of_terminal.then(|| ended.try_clone()).transpose()?;
            let passage = Passage {
                source: outlet.source,
                destination: outlet.destination,
                ended: ended.map(OwnedFd::from),
            };
            let patterns = Arc::clone(patterns);
            let thread = thread::Builder::new()
                .name("redacting".to_owned())
                .spawn(move || passage.pass_all(patterns))?;
            if outlet.of_terminal {
                flow.of_terminals.push(thread);
            } else {
                flow.of_pipes.push(thread);
            }
        }
        Ok(flow)
    }
}

/// What the command prints, on its way.
pub(super) struct Flow {
    of_terminals: Vec<JoinHandle<Option<Errno>>>,
    of_pipes: Vec<JoinHandle<Option<Errno>>>,
    terminals: Terminals,
    /// Closed to say that the command has ended.
    end: Option<PipeWriter>,
}

impl Flow {
    pub(super) fn terminals(&self) -> Terminals {
        self.terminals.clone()
    }

    /// The real terminal, if the command is at one of its own.
    pub(super) fn keyboard(&self) -> Option<Arc<Keyboard>> {
        self.terminals.keyboard.clone()
    }

    /// The command has ended: passes on the rest. What it left running in the background loses a terminal, as it does
    /// when a window is closed; a pipe is read for as long as somebody can write to it, as by any reader of a pipe.
    ///
    /// # Errors
    /// When something could not be written to where it was to go, as to a disk that is full.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.end = None;
        // A thread that has panicked has said so.
        let failed = |thread: JoinHandle<Option<Errno>>| thread.join().ok().flatten();
        let of_terminals: Vec<_> = self.of_terminals.drain(..).filter_map(failed).collect();
        self.terminals.let_go();
        let of_pipes: Vec<_> = self.of_pipes.drain(..).filter_map(failed).collect();
        match of_terminals.into_iter().chain(of_pipes).next() {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    /// Makes the real terminal the command's, and begins to pass on what is typed. Right before the command is started:
    /// a signal until then ends us and finds the terminal as it was.
    pub(super) fn listen(&self) -> io::Result<()> {
        self.terminals.keyboard.as_ref().map_or(Ok(()), Keyboard::listen)
    }
}

/// However the run ends, by an error or a panic, whoever is next finds the terminal as it was.
impl Drop for Flow {
    fn drop(&mut self) {
        self.terminals.let_go();
    }
}

impl Outlet {
    /// Adds a way to `destination`, and gives what the command is to write to.
    fn to(destination: BorrowedFd<'static>, outlets: &mut Vec<Self>, terminals: &mut Terminals) -> io::Result<OwnedFd> {
        let of_terminal = isatty(destination);
        let (source, device) = if of_terminal {
            let (pty, device) = Pty::for_output(destination)?;
            let source = pty.reader()?;
            terminals.all.push(Arc::new(pty));
            (source, device)
        } else {
            let (reader, writer) = io::pipe()?;
            (reader.into(), writer.into())
        };
        outlets.push(Self {
            source,
            of_terminal,
            destination,
        });
        Ok(device)
    }
}

/// Whether two open files are one: the same terminal, pipe or file.
fn is_same(one: &Stat, other: &Stat) -> bool {
    (one.st_dev, one.st_ino, one.st_rdev) == (other.st_dev, other.st_ino, other.st_rdev)
}
