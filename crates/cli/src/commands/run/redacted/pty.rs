//! Terminals for the command, each like the real one that it stands for (pty(7)).

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, OutputModes, tcgetattr, tcgetwinsize, tcsetattr, tcsetwinsize};

/// Our end of a terminal.
pub(super) struct Pty {
    ours: OwnedFd,
    /// The terminal that it stands for.
    real: BorrowedFd<'static>,
}

impl Pty {
    /// A terminal to be at, as large as `real`, and the command's end of it. Its modes are the system's usual ones.
    pub(super) fn to_be_at(real: BorrowedFd<'static>) -> io::Result<(Self, OwnedFd)> {
        // Not ours to be controlled by.
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&ours)?;
        unlockpt(&ours)?;
        let name = ptsname(&ours, Vec::new())?;
        let device = open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
        let pty = Self { ours, real };
        pty.resize();
        Ok((pty, device))
    }

    /// A terminal to print on: passes every byte on as it is, since the real one does what is to be done.
    pub(super) fn for_output(real: BorrowedFd<'static>) -> io::Result<(Self, OwnedFd)> {
        let (pty, device) = Self::to_be_at(real)?;
        let mut modes = tcgetattr(&device)?;
        modes.output_modes.remove(OutputModes::OPOST);
        tcsetattr(&device, OptionalActions::Now, &modes)?;
        Ok((pty, device))
    }

    /// Another handle to read what the command prints.
    pub(super) fn reader(&self) -> io::Result<OwnedFd> {
        self.ours.try_clone()
    }

    /// Makes it as large as the real one; whoever is in the foreground on it is told by the kernel.
    pub(super) fn resize(&self) {
        if let Ok(size) = tcgetwinsize(self.real) {
            // Fails only for what is no terminal any more.
            let _ = tcsetwinsize(&self.ours, size);
        }
    }
}

impl AsFd for Pty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.ours.as_fd()
    }
}
