//! Making this process unreadable to the processes around it.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::failure::Failure;

/// Closes `/proc/PID/{environ,mem,fd,…}` and debuggers out, and turns core dumps off.
///
/// The command that `run` starts belongs to the same user, and without this it could read its parent's memory and the
/// environment its parent was started with, where `STRONGROOM_TOKEN` stands. A process that is not dumpable is
/// readable to none but those with `CAP_SYS_PTRACE` (`prctl(2)`, `PR_SET_DUMPABLE`; `ptrace(2)`, "access mode
/// checking"): root can still look. The attribute does not outlive `execve`, so the command itself can be debugged.
///
/// Core dumps are off for the command as well, since the limit is inherited: a crash must not write the values to disk.
/// Only the soft limit is lowered; a command that wants its dumps can raise it again.
pub(crate) fn this_process() -> Result<(), Failure> {
    unreadable().map_err(|error| {
        Failure::new(format!(
            "cannot protect this process from being read by others ({error}), so nothing was done"
        ))
    })?;
    let limit = getrlimit(Resource::Core);
    let lowered = Rlimit {
        current: Some(0),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Core, lowered)
        .map_err(|error| Failure::new(format!("cannot turn core dumps off ({error}), so nothing was done")))
}

#[cfg(target_os = "linux")]
fn unreadable() -> rustix::io::Result<()> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// Elsewhere there is no `/proc` to close.
#[cfg(not(target_os = "linux"))]
fn unreadable() -> rustix::io::Result<()> {
    Ok(())
}
