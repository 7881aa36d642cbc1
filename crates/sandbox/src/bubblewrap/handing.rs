//! Handing open files to a program, under numbers that it is told.

use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::Command;

use command_fds::{CommandFdExt as _, FdMapping};
use rustix::fs::{MemfdFlags, memfd_create};

/// The first number that is free: before it are the three standard streams.
const FIRST: i32 = 3;

/// Files to be handed over.
#[derive(Default)]
pub(super) struct Handing(Vec<FdMapping>);

impl Handing {
    /// The number that the program will find it under.
    pub(super) fn add(&mut self, file: impl Into<OwnedFd>) -> i32 {
        let child_fd = i32::try_from(self.0.len()).map_or(i32::MAX, |place| FIRST + place);
        self.0.push(FdMapping {
            parent_fd: file.into(),
            child_fd,
        });
        child_fd
    }

    /// A file with these contents that has no name and is in memory only.
    pub(super) fn add_contents(&mut self, contents: &[u8]) -> io::Result<i32> {
        let mut file = File::from(memfd_create("given", MemfdFlags::CLOEXEC)?);
        file.write_all(contents)?;
        file.rewind()?;
        Ok(self.add(file))
    }

    pub(super) fn to(self, command: &mut Command) -> io::Result<()> {
        let handed = command.fd_mappings(self.0).map(drop);
        handed.map_err(|_| io::Error::other("a file could not be handed over"))
    }
}
