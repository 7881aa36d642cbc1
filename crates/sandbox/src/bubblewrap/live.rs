//! A sandbox that is there. However it ends, all that it is made of ends with it, in this order: its processes, its control group,
//! its network.

use std::io::{self, PipeReader, Read as _};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::process::ExitStatus;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, WaitId, WaitIdOptions, pidfd_open, waitid};

use super::cgroup::{Cgroup, Counted};
use super::network::Network;
use super::spawner::{Process, kill};

/// How long the kernel may take to clear up, or bubblewrap to say which its first process is: a bound, not a wait.
const PATIENCE: Timespec = Timespec { tv_sec: 5, tv_nsec: 0 };

/// A sandbox; dropped, it is killed.
pub(super) struct Live(Option<Parts>);

struct Parts {
    process: Process,
    /// Where bubblewrap says which process is the first one inside.
    info: Option<PipeReader>,
    /// The first process inside. When it is gone, the kernel has ended all others before (pid_namespaces(7)).
    first: Option<OwnedFd>,
    cgroup: Option<Cgroup>,
    network: Option<Network>,
}

/// How a sandbox ended.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// `None` where there is no control group.
    pub(super) counted: Option<Counted>,
}

impl Live {
    pub(super) fn new(process: Process, info: PipeReader, cgroup: Option<Cgroup>, network: Option<Network>) -> Self {
        Self(Some(Parts {
            process,
            info: Some(info),
            first: None,
            cgroup,
            network,
        }))
    }

    /// The process outside that stands for it.
    pub(super) fn process(&mut self) -> Option<&mut Process> {
        self.0.as_mut().map(|parts| &mut parts.process)
    }

    /// Remembers its first process, which by now has to be there.
    pub(super) fn is_up(&mut self) {
        if let Some(parts) = &mut self.0 {
            parts.find_first();
        }
    }

    /// Waits for its end.
    pub(super) async fn wait(mut self) -> io::Result<Ended> {
        self.end(false).await
    }

    /// Ends it.
    pub(super) async fn kill(mut self) -> io::Result<Ended> {
        self.end(true).await
    }

    async fn end(&mut self, at_once: bool) -> io::Result<Ended> {
        let parts = self.0.take().ok_or(io::ErrorKind::NotFound)?;
        let ended = tokio::task::spawn_blocking(move || parts.end(at_once)).await;
        ended.unwrap_or_else(|_| Err(io::Error::other("the wait was cut off")))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let Some(parts) = self.0.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || parts.end(true))),
            Err(_) => drop(parts.end(true)),
        }
    }
}

impl Parts {
    /// Blocks until nothing of it is left.
    fn end(mut self, at_once: bool) -> io::Result<Ended> {
        self.find_first();
        if at_once {
            match &self.first {
                // Bubblewrap then ends by itself. The other way round it could leave a first process that is not tied to it yet.
                Some(first) => kill(first),
                None => self.process.kill(),
            }
        }
        let status = self.process.wait_here();
        if let Some(first) = &self.first {
            // Bubblewrap ends as soon as the code has.
            kill(first);
            is_readable(first.as_fd());
            // Ours to clear away only if this is the process that orphans come to, as in a container.
            let _orphan = waitid(
                WaitId::PidFd(first.as_fd()),
                WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
            );
        }
        let counted = self.cgroup.as_ref().map(Cgroup::counted);
        drop(self.cgroup.take());
        drop(self.network.take());
        Ok(Ended {
            status: status?,
            counted,
        })
    }

    fn find_first(&mut self) {
        let Some(mut info) = self.info.take() else { return };
        let mut text = String::new();
        // Written at once, and closed; without a word if bubblewrap did not get so far.
        if is_readable(info.as_fd()) && info.read_to_string(&mut text).is_ok() {
            self.first = first_in(&text, self.process.id());
        }
    }
}

/// A handle of the process that is named, if it still is what it was.
fn first_in(info: &str, parent: u32) -> Option<OwnedFd> {
    let info: serde_json::Value = serde_json::from_str(info).ok()?;
    let number = i32::try_from(info.get("child-pid")?.as_i64()?).ok()?;
    let handle = pidfd_open(Pid::from_raw(number)?, PidfdFlags::empty()).ok()?;
    // Its number may be somebody else's by now. "pid (name) state parent": a name can hold anything, also brackets.
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let its_parent = after_name.split_whitespace().nth(1)?;
    (its_parent == parent.to_string()).then_some(handle)
}

/// Waits until there is something to be read, or the other side is gone; for a process: until it has ended.
fn is_readable(file: BorrowedFd<'_>) -> bool {
    let mut files = [PollFd::from_borrowed_fd(file, PollFlags::IN)];
    poll(&mut files, Some(&PATIENCE)).is_ok_and(|ready| ready > 0)
}
