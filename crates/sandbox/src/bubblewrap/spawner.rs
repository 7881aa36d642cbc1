//! Starting processes from one thread that lives as long as the runner.
//!
//! "Die with the parent" follows the thread that started a process (prctl(2), `PR_SET_PDEATHSIG`): one that comes and goes would
//! take its sandboxes along.

use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::sync::mpsc;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::sync::oneshot;

use super::inherited;

/// The thread.
#[derive(Clone)]
pub(crate) struct Spawner(mpsc::Sender<Order>);

struct Order {
    command: Command,
    answer: oneshot::Sender<io::Result<Process>>,
}

/// A process; dropped, it is killed.
pub(crate) struct Process {
    child: Option<Child>,
    /// Means this process and no other, even after it has ended.
    handle: OwnedFd,
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) stdout: Option<ChildStdout>,
    pub(crate) stderr: Option<ChildStderr>,
}

impl Spawner {
    pub(crate) fn start() -> io::Result<Self> {
        inherited::keep_to_ourselves()?;
        let (sender, orders) = mpsc::channel::<Order>();
        std::thread::Builder::new()
            .name("sandboxes".to_owned())
            .spawn(move || {
                for Order { mut command, answer } in orders {
                    // Whoever asked may have gone: the process is then killed by being dropped.
                    let _asked = answer.send(Process::start(&mut command));
                }
            })?;
        Ok(Self(sender))
    }

    pub(crate) async fn spawn(&self, command: Command) -> io::Result<Process> {
        let (answer, started) = oneshot::channel();
        let gone = || io::Error::other("the thread that starts sandboxes is gone");
        self.0.send(Order { command, answer }).map_err(|_| gone())?;
        started.await.map_err(|_| gone())?
    }
}

impl Process {
    fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.spawn()?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let handle = pid
            .ok_or_else(|| io::Error::other("a process without a number"))
            .and_then(|pid| Ok(pidfd_open(pid, PidfdFlags::empty())?));
        let handle = match handle {
            Ok(handle) => handle,
            Err(error) => {
                child.kill()?;
                child.wait()?;
                return Err(error);
            }
        };
        Ok(Self {
            stdin: child.stdin.take(),
            stdout: child.stdout.take(),
            stderr: child.stderr.take(),
            child: Some(child),
            handle,
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    pub(crate) fn kill(&self) {
        kill(&self.handle);
    }

    /// Waits for the end; killed if that is given up.
    pub(crate) async fn wait(mut self) -> io::Result<ExitStatus> {
        let _killing = Killing(self.handle.try_clone()?);
        let waited = tokio::task::spawn_blocking(move || self.wait_here()).await;
        waited.unwrap_or_else(|_| Err(io::Error::other("the wait was cut off")))
    }

    /// The same, blocking.
    pub(crate) fn wait_here(&mut self) -> io::Result<ExitStatus> {
        let mut child = self.child.take().ok_or_else(|| io::Error::other("waited for twice"))?;
        child.wait()
    }
}

/// Kills a process when it is dropped.
struct Killing(OwnedFd);

impl Drop for Killing {
    fn drop(&mut self) {
        kill(&self.0);
    }
}

/// Ends a process at once.
pub(crate) fn kill(handle: &OwnedFd) {
    // Fails only if it has ended.
    let _gone = pidfd_send_signal(handle, Signal::KILL);
}

impl Drop for Process {
    fn drop(&mut self) {
        // Takes its number back; it is dying.
        if let Some(mut child) = self.child.take() {
            self.kill();
            let mut wait = move || drop(child.wait());
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(wait)),
                Err(_) => wait(),
            }
        }
    }
}
