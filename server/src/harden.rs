//! Making this process unreadable to the processes around it.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// Closes `/proc/PID/{environ,mem,fd,…}` and debuggers of other users and of the same one out (`prctl(2)`,
/// `PR_SET_DUMPABLE`; root can still look), and turns core dumps off: keys and values are in this memory. Neither outlives
/// `execve`, but the limit does: what runs in a sandbox leaves no core either.
///
/// # Errors
/// When the system refuses.
pub fn this_process() -> rustix::io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let limit = getrlimit(Resource::Core);
    setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: limit.maximum,
        },
    )
}
