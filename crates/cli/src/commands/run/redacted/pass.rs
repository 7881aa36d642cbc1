//! One output of the command, passed on without the values.

use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use redact::{PATIENCE, Patterns, Stream};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read, write};
use rustix::pipe::fcntl_setpipe_size;

/// Bytes of a pipe from the command, and read from it at once at most: as many as an unprivileged process may have
/// (pipe(7)).
const MOST_AT_ONCE: usize = 1 << 20;
/// Bytes read at once to begin with: most commands print little, and what was used is wiped.
const AT_FIRST: usize = 16 << 10;

/// From the command to where its output is to go.
pub(super) struct Passage {
    pub(super) source: OwnedFd,
    pub(super) destination: BorrowedFd<'static>,
    /// Of a terminal: is closed when the command has ended.
    pub(super) ended: Option<OwnedFd>,
}

/// What happened to the source.
enum Event {
    Readable,
    /// Nothing for as long as was waited.
    Silent,
    /// The command has ended, and there is nothing left of it.
    Ended,
}

impl Passage {
    /// Returns when there is nothing more to come, or nobody to pass it on to: a pipe is closed then, so that the command
    /// learns of it by its next write, as it would without us. A terminal is not, since we hold it too: what comes is
    /// dropped. Gives why something was not passed on, unless nobody wanted it.
    pub(super) fn pass_all(self, patterns: Arc<Patterns>) -> Option<Errno> {
        let mut failed = None;
        // Slower when it fails, and no more.
        let _ = fcntl_setpipe_size(&self.source, MOST_AT_ONCE);
        let mut stream = Stream::new(patterns);
        let mut input = vec![0; AT_FIRST];
        let mut output = Vec::new();
        let mut heard = Instant::now();
        loop {
            output.clear();
            let patience = stream.can_release().then(|| PATIENCE.saturating_sub(heard.elapsed()));
            match self.wait(patience) {
                Event::Silent => stream.release(&mut output),
                Event::Ended => break,
                Event::Readable => match read(&self.source, &mut input) {
                    Err(Errno::INTR | Errno::AGAIN) => {}
                    // A terminal that nobody holds any more says so by an error (EIO, pty(7)).
                    Ok(0) | Err(_) => break,
                    Ok(count) => {
                        heard = Instant::now();
                        stream.push(input.get(..count).unwrap_or_default(), &mut output);
                        if count == input.len() && count < MOST_AT_ONCE {
                            input.resize(2 * count, 0);
                        }
                    }
                },
            }
            if failed.is_none() {
                failed = self.write_all(&output).err();
            }
            if failed.is_some() && self.ended.is_none() {
                break;
            }
        }
        if failed.is_none() {
            output.clear();
            stream.finish(&mut output);
            failed = self.write_all(&output).err();
        }
        // The other end of a pipe is closed, or of a terminal.
        failed
            .filter(|error| !matches!(*error, Errno::PIPE | Errno::IO) || (*error == Errno::IO && self.ended.is_none()))
    }

    /// Without a limit and without an end to look out for, reading itself is the waiting.
    fn wait(&self, patience: Option<Duration>) -> Event {
        if patience.is_none() && self.ended.is_none() {
            return Event::Readable;
        }
        let limit = patience.and_then(|patience| Timespec::try_from(patience).ok());
        let mut watched = vec![PollFd::new(&self.source, PollFlags::IN)];
        watched.extend(self.ended.as_ref().map(|ended| PollFd::new(ended, PollFlags::IN)));
        match poll(&mut watched, limit.as_ref()) {
            Ok(0) => Event::Silent,
            Ok(_) if watched.first().is_some_and(|source| source.revents().is_empty()) => Event::Ended,
            // Interrupted: the reading looks again.
            _ => Event::Readable,
        }
    }

    fn write_all(&self, mut bytes: &[u8]) -> rustix::io::Result<()> {
        while !bytes.is_empty() {
            match write(self.destination, bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                // Somebody who shares it with us has made it non-blocking.
                Err(Errno::AGAIN) => {
                    poll(&mut [PollFd::new(&self.destination, PollFlags::OUT)], None)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
