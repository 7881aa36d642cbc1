//! Starting the command, and what its end means.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};

use domain::{SecretName, SecretValue};
use rustix::fs::{Access, access};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};
use signal_hook::consts::SIGINT;

use crate::failure::{Failure, NOT_EXECUTABLE, NOT_FOUND, OWN_FAILURE, exit_for_signal};

/// The command to run: a program, looked up in `PATH` unless it has a slash, and its arguments as they are. No shell
/// reads them.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
}

impl Invocation {
    /// Whether the program can be found and run, asked before a session is opened: a typing error should cost neither
    /// a call nor a record of use. Starting it can still fail, and then says the same.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let candidates = candidates(&self.program, std::env::var_os("PATH").as_deref());
        let Some(candidates) = candidates else { return Ok(()) };
        let files = || candidates.iter().filter(|path| path.is_file());
        if files().any(|path| access(path.as_path(), Access::EXEC_OK).is_ok()) {
            Ok(())
        } else if files().next().is_some() {
            Err(self.not_executable("permission denied: it is no program, or `chmod +x` was forgotten"))
        } else if candidates.iter().any(|path| path.is_dir() && self.has_slash()) {
            Err(self.not_executable("it is a directory"))
        } else {
            Err(self.not_found())
        }
    }

    /// The command with our environment, standard streams and process group, so that Ctrl-C and Ctrl-Z at the terminal
    /// reach it as if it had been started alone.
    pub(crate) fn prepared(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        command
    }

    /// The same without the variables `withheld` and with the secrets; a secret takes the place of a variable of the
    /// same name.
    pub(crate) fn with_secrets(&self, withheld: &[OsString], secrets: &[(SecretName, SecretValue)]) -> Command {
        let mut command = self.prepared();
        for name in withheld {
            command.env_remove(name);
        }
        for (name, value) in secrets {
            // Exposed to be the command's: this is what the program is for.
            command.env(name.as_str(), value.expose());
        }
        command
    }

    /// Starts what was prepared.
    pub(crate) fn spawn(&self, mut prepared: Command) -> Result<Child, Failure> {
        prepared.spawn().map_err(|error| self.explain(&error))
    }

    /// The program's own name, without the directories and the arguments, which may hold anything.
    pub(crate) fn file_name(&self) -> Option<&str> {
        Path::new(&self.program).file_name().and_then(OsStr::to_str)
    }

    fn explain(&self, error: &io::Error) -> Failure {
        match error.kind() {
            ErrorKind::NotFound if Path::new(&self.program).is_file() => {
                self.not_executable("the interpreter named in its first line is missing")
            }
            ErrorKind::NotFound => self.not_found(),
            _ => match error.raw_os_error().map(Errno::from_raw_os_error) {
                Some(Errno::NOEXEC) => {
                    self.not_executable("it is no program: a script begins with a line like #!/bin/sh")
                }
                Some(Errno::TOOBIG) => self.not_executable(
                    "its arguments and environment are more than the kernel takes: narrow the environment with --only",
                ),
                _ => self.not_executable(&error.to_string()),
            },
        }
    }

    fn has_slash(&self) -> bool {
        self.program.as_bytes().contains(&b'/')
    }

    fn not_found(&self) -> Failure {
        let program = self.program.display();
        let place = if self.has_slash() {
            "no such file"
        } else {
            "no such program in PATH"
        };
        Failure::with_exit(NOT_FOUND, format!("cannot run {program}: {place}"))
    }

    fn not_executable(&self, why: &str) -> Failure {
        Failure::with_exit(NOT_EXECUTABLE, format!("cannot run {}: {why}", self.program.display()))
    }
}

/// The files that could be meant by `program`. `None` if that cannot be said: without `PATH` the C library decides.
fn candidates(program: &OsStr, path: Option<&OsStr>) -> Option<Vec<PathBuf>> {
    if program.as_bytes().contains(&b'/') || program.is_empty() {
        return Some(vec![PathBuf::from(program)]);
    }
    Some(
        std::env::split_paths(path?)
            .map(|directory| directory.join(program))
            .collect(),
    )
}

/// Waits until the command has ended, and leaves it to be reaped: as long as it is not, its number cannot become
/// another process's, and a signal forwarded to it in that moment cannot hit a stranger. Calls `suspended` each time
/// that the command was suspended meanwhile, with the signal that did it.
pub(crate) fn wait_for_end(child: &Child, mut suspended: impl FnMut(Signal)) {
    let pid = Pid::from_child(child);
    let look = WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
    loop {
        match waitid(WaitId::Pid(pid), look) {
            Err(Errno::INTR) => {}
            Ok(Some(status)) if status.stopped() => {
                // Seen; otherwise the next look would find the same again.
                let _ = waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
                if let Some(signal) = status.stopping_signal().and_then(Signal::from_named_raw) {
                    suspended(signal);
                }
            }
            _ => return,
        }
    }
}

/// Reaps a command that has ended, and gives the exit status that passes its own on. Ctrl-C is passed on as what it was.
pub(crate) fn end_of(child: &mut Child) -> Result<u8, Failure> {
    let status = child
        .wait()
        .map_err(|error| Failure::new(format!("the command's end was lost: {error}")))?;
    match status.signal() {
        Some(SIGINT) => Err(Failure::by_signal(SIGINT)),
        _ => Ok(exit_code(status)),
    }
}

/// The exit status that says how the command ended: its own, or 128 + N if signal N ended it.
pub(crate) fn exit_code(status: ExitStatus) -> u8 {
    match (status.code(), status.signal()) {
        (Some(code), _) => u8::try_from(code).unwrap_or(OWN_FAILURE),
        (None, Some(signal)) => exit_for_signal(signal),
        (None, None) => OWN_FAILURE,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    fn invocation(program: impl Into<OsString>) -> Invocation {
        Invocation {
            program: program.into(),
            arguments: Vec::new(),
        }
    }

    #[test]
    fn a_program_of_path_or_with_a_slash_can_be_run() {
        invocation("sh").check().unwrap();
        invocation("/bin/sh").check().unwrap();
    }

    #[test]
    fn what_is_not_there_is_127_and_what_cannot_run_is_126() {
        assert_eq!(
            invocation("no-such-program-anywhere").check().unwrap_err().exit(),
            NOT_FOUND
        );
        assert_eq!(invocation("/no/such/program").check().unwrap_err().exit(), NOT_FOUND);
        assert_eq!(invocation("").check().unwrap_err().exit(), NOT_FOUND);
        assert_eq!(invocation("/").check().unwrap_err().exit(), NOT_EXECUTABLE);
        let plain = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(invocation(plain.path()).check().unwrap_err().exit(), NOT_EXECUTABLE);
    }

    #[test]
    fn the_label_is_the_program_alone() {
        assert_eq!(invocation("/usr/bin/python3").file_name(), Some("python3"));
        assert_eq!(invocation("python3").file_name(), Some("python3"));
    }

    #[test]
    fn exit_statuses_pass_through() {
        assert_eq!(exit_code(ExitStatus::from_raw(0)), 0);
        assert_eq!(exit_code(ExitStatus::from_raw(3 << 8)), 3);
        assert_eq!(exit_code(ExitStatus::from_raw(255 << 8)), 255);
        assert_eq!(exit_code(ExitStatus::from_raw(15)), 143);
        assert_eq!(exit_code(ExitStatus::from_raw(11 | 0x80)), 139, "with a core dump");
    }

    #[test]
    fn without_path_it_is_the_c_librarys_choice() {
        assert_eq!(candidates(OsStr::new("sh"), None), None);
        let found = candidates(OsStr::new("sh"), Some(OsStr::new("/a::/b"))).unwrap();
        assert_eq!(
            found,
            [PathBuf::from("/a/sh"), PathBuf::from("sh"), PathBuf::from("/b/sh")]
        );
    }
}
