//! Limits over all processes of a run together, where control groups can be written: of both versions of them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Limits;

/// Processes that a sandbox has beside those of the code: bubblewrap's two and the shell that starts the code.
pub(super) const OWN_PROCESSES: u32 = 4;

const ROOT: &str = "/sys/fs/cgroup";

/// A group; removed when it is dropped, by when its processes have to be gone.
pub(super) struct Cgroup {
    memory: PathBuf,
    /// The same in version 2.
    pids: PathBuf,
}

impl Cgroup {
    /// `None` where none can be made: the limits of each process then have to do.
    pub(super) fn make(number: usize, limits: &Limits) -> Option<Self> {
        let name = format!("strongroom-{}-{number}", std::process::id());
        let group = if Path::new(ROOT).join("cgroup.controllers").exists() {
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
        // What is left of a run before stays empty and is used again.
        let made = fs::create_dir_all(&group.memory).and_then(|()| fs::create_dir_all(&group.pids));
        // Files of the sandbox are in memory too.
        let bytes = (limits.memory + limits.disk).to_string();
        let limited = made
            .and_then(|()| {
                let (v2, v1) = ("memory.max", "memory.limit_in_bytes");
                let file = if group.is_v2() { v2 } else { v1 };
                fs::write(group.memory.join(file), &bytes)
            })
            .and_then(|()| {
                fs::write(
                    group.pids.join("pids.max"),
                    (limits.processes + OWN_PROCESSES).to_string(),
                )
            });
        // Swapping is not there on every kernel.
        let swap = if group.is_v2() {
            ("memory.swap.max", "0")
        } else {
            ("memory.memsw.limit_in_bytes", &*bytes)
        };
        let _swaps = fs::write(group.memory.join(swap.0), swap.1);
        limited.is_ok().then_some(group)
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

    pub(super) fn was_out_of_memory(&self) -> bool {
        let file = if self.is_v2() {
            "memory.events"
        } else {
            "memory.oom_control"
        };
        counted(&self.memory.join(file), "oom_kill")
    }

    pub(super) fn was_out_of_processes(&self) -> bool {
        counted(&self.pids.join("pids.events"), "max")
    }

    fn is_v2(&self) -> bool {
        self.memory == self.pids
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        for group in [&self.memory, &self.pids] {
            // Only fails while something is in it, or if both are the same.
            let _gone = fs::remove_dir(group);
        }
    }
}

fn counted(file: &Path, what: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.any(|(name, number)| name == what && number.trim() != "0")
}
