//! Asking at the terminal.

mod line;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};

use line::{Key, Line};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::job;

/// Ctrl-C, as the exit status of a shell.
const SIGINT: i32 = 2;

/// Tenths of a second without a byte after which a paste is over.
const QUIET: u8 = 1;

/// Asks for something that may be seen. Without a line break; empty if nothing was typed.
pub(crate) fn visible(question: &str) -> Result<String, Failure> {
    let ask = || -> io::Result<String> {
        let mut terminal = open()?;
        terminal.write_all(question.as_bytes())?;
        let mut text = String::new();
        BufReader::new(&terminal).read_line(&mut text)?;
        Ok(text.trim().to_owned())
    };
    ask().map_err(|error| no_terminal(&error))
}

/// Asks for something that must not be seen: one line, of any length, without a trace on the screen.
///
/// Read byte by byte with the terminal's own line editing off, which would cut a line at 4,095 bytes. What is pasted
/// with several lines is refused as a whole: its rest would otherwise be typed into the shell, and stay in its history.
pub(crate) fn hidden(question: &str) -> Result<Zeroizing<String>, Failure> {
    let terminal = open().map_err(|error| no_terminal(&error))?;
    let quiet = Quiet::new(&terminal).map_err(|error| no_terminal(&error))?;
    (&terminal)
        .write_all(question.as_bytes())
        .map_err(|error| no_terminal(&error))?;
    let typed = read_line(&terminal, &quiet);
    let _ = (&terminal).write_all(b"\n");
    drop(quiet);
    if typed.as_ref().is_err_and(|end| end.signal() == Some(SIGINT)) {
        // The key was a character here. Whatever started us, a loop or a script, would have had its signal too.
        job::interrupt();
    }
    typed
}

fn read_line(terminal: &File, quiet: &Quiet<'_>) -> Result<Zeroizing<String>, Failure> {
    let mut line = Line::default();
    let mut chunk = Zeroizing::new([0_u8; 1024]);
    let rest = loop {
        let read = read_some(terminal, chunk.as_mut_slice()).map_err(|error| no_terminal(&error))?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return Err(Failure::new("the terminal was closed"));
        }
        match line.feed(bytes) {
            Key::More => {}
            Key::Interrupt => return Err(Failure::by_signal(SIGINT)),
            Key::Enter { rest } => break rest,
        }
    };
    let more = quiet.drain(chunk.as_mut_slice()).map_err(|error| no_terminal(&error))?;
    if rest || more {
        return Err(Failure::new(
            "several lines were pasted, and this takes one: give a value of several lines on standard input, e.g. \
             strongroom secrets set NAME < FILE",
        ));
    }
    line.finish()
        .map_err(|_| Failure::new("what was typed is not valid UTF-8"))
}

fn open() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}

fn read_some(mut terminal: &File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match terminal.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

fn no_terminal(error: &io::Error) -> Failure {
    Failure::new(format!("cannot ask at the terminal: {error}"))
}

/// A terminal that shows nothing and edits nothing, until this is dropped.
struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
}

impl Quiet<'_> {
    fn new(terminal: &File) -> io::Result<Quiet<'_>> {
        let before = tcgetattr(terminal)?;
        let mut now = before.clone();
        // Without ISIG, Ctrl-C arrives as a byte: the terminal is put back before the program ends.
        now.local_modes
            .remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        wait_for_bytes(&mut now, 1, 0);
        tcsetattr(terminal, OptionalActions::Flush, &now)?;
        Ok(Quiet { terminal, before })
    }

    /// Throws away what else was pasted, and says whether there was more than line breaks.
    fn drain(&self, buffer: &mut [u8]) -> io::Result<bool> {
        let mut now = tcgetattr(self.terminal)?;
        wait_for_bytes(&mut now, 0, QUIET);
        tcsetattr(self.terminal, OptionalActions::Now, &now)?;
        let mut more = false;
        loop {
            let read = read_some(self.terminal, buffer)?;
            let bytes = buffer.get(..read).unwrap_or_default();
            if bytes.is_empty() {
                return Ok(more);
            }
            more |= line::has_text(bytes);
        }
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        let _ = tcflush(self.terminal, QueueSelector::IFlush);
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

/// `read` returns after that many bytes, or after that many tenths of a second (termios(3), VMIN and VTIME).
fn wait_for_bytes(modes: &mut Termios, bytes: u8, tenths: u8) {
    modes.special_codes[SpecialCodeIndex::VMIN] = bytes;
    modes.special_codes[SpecialCodeIndex::VTIME] = tenths;
}
