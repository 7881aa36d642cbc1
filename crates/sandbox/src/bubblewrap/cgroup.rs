//! Limits over all processes of a run together, where control groups can be written: of both versions of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Limits;

/// Processes that a sandbox has beside those of the code: bubblewrap's two, the shell that starts the code, and one to spare.
pub(super) const OWN_PROCESSES: u32 = 4;

const ROOT: &str = "/sys/fs/cgroup";
const NAME: &str = "strongroom-";
/// How often, and how far apart, a group is asked to go whose last process is ending.
const ATTEMPTS: (u32, Duration) = (100, Duration::from_millis(10));

/// A group; removed when it is dropped, by when its processes have to be gone.
pub(super) struct Cgroup {
    memory: PathBuf,
    /// The same in version 2.
    pids: PathBuf,
}

/// What the kernel has counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    /// Something was killed because memory was used up.
    pub(super) memory: bool,
    /// A process was refused because there were too many.
    pub(super) processes: bool,
}

impl Cgroup {
    /// `None` where none can be made: the limits of each process then have to do.
    pub(super) fn make(number: usize, limits: &Limits) -> Option<Self> {
        let name = format!("{NAME}{}-{number}", std::process::id());
        let group = if is_v2() {
            // Handed down to groups by whoever has them; refused where they are not to be had, which the limits below find out.
            let _handed_down = fs::write(Path::new(ROOT).join("cgroup.subtree_control"), "+memory +pids");
            let own = Path::new(ROOT).join(name);
            Self {
                memory: own.clone(),
                pids: own,
            }
        } else {
            Self {
                memory: Path::new(ROOT).join("memory").join(&name),
                pids: Path::new(ROOT).join("pids").join(&name),
            }
        };
        // Files of the sandbox are in memory too.
        let bytes = (limits.memory + limits.disk).to_string();
        let most = (limits.processes + OWN_PROCESSES).to_string();
        let (limit, swap) = if group.is_v2() {
            ("memory.max", ("memory.swap.max", "0"))
        } else {
            ("memory.limit_in_bytes", ("memory.memsw.limit_in_bytes", &*bytes))
        };
        let limited = made(&group.memory)
            .and_then(|()| made(&group.pids))
            .and_then(|()| fs::write(group.memory.join(limit), &bytes))
            .and_then(|()| fs::write(group.pids.join("pids.max"), most));
        // Swapping is not there on every kernel.
        let _swaps = fs::write(group.memory.join(swap.0), swap.1);
        // Otherwise dropped, and with it what there is of it.
        limited.is_ok().then_some(group)
    }

    /// Removes what servers left behind that were killed: groups of processes that are no more.
    pub(super) fn sweep() {
        let parents = if is_v2() { &[""][..] } else { &["memory", "pids"] };
        for parent in parents {
            for entry in fs::read_dir(Path::new(ROOT).join(parent))
                .into_iter()
                .flatten()
                .flatten()
            {
                let name = entry.file_name();
                let server = name
                    .to_str()
                    .and_then(|name| name.strip_prefix(NAME)?.split('-').next());
                if server.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
                    let _gone = fs::remove_dir(entry.path());
                }
            }
        }
    }

    /// The files that a process writes itself into, separated by blanks.
    pub(super) fn entrances(&self) -> String {
        let procs = |group: &Path| group.join("cgroup.procs").display().to_string();
        if self.is_v2() {
            procs(&self.memory)
        } else {
            format!("{} {}", procs(&self.memory), procs(&self.pids))
        }
    }

    pub(super) fn counted(&self) -> Counted {
        let memory = if self.is_v2() {
            "memory.events"
        } else {
            "memory.oom_control"
        };
        Counted {
            memory: stands_in(&self.memory.join(memory), "oom_kill"),
            processes: stands_in(&self.pids.join("pids.events"), "max"),
        }
    }

    fn is_v2(&self) -> bool {
        self.memory == self.pids
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        let (attempts, pause) = ATTEMPTS;
        for group in [&self.memory, &self.pids] {
            // Refused while something is in it.
            for _ in 0..attempts {
                if fs::remove_dir(group).is_ok() || !group.exists() {
                    break;
                }
                std::thread::sleep(pause);
            }
        }
    }
}

fn is_v2() -> bool {
    Path::new(ROOT).join("cgroup.controllers").exists()
}

/// Only in a hierarchy that is there: otherwise it would be a folder like any other.
fn made(group: &Path) -> std::io::Result<()> {
    match fs::create_dir(group) {
        // What is left of a run before stays empty and is used again.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn stands_in(file: &Path, what: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.any(|(name, number)| name == what && number.trim() != "0")
}
