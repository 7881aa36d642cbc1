//! What a run came to: a limit that it ran into says more than the code that it ended with because of it.

use std::os::unix::process::ExitStatusExt as _;

use domain::chat::Language;

use super::live::Ended;
use crate::{End, Limit, Limits};

/// What interpreters say when they get no memory.
const NO_MEMORY: [&str; 6] = [
    "MemoryError",
    "bad_alloc",
    "out of memory",
    "Out of memory",
    "Cannot allocate memory",
    "memory exhausted",
];
/// What they say when they get no further process or thread.
const NO_PROCESS: [&str; 4] = [
    "Resource temporarily unavailable",
    "Cannot fork",
    "EAGAIN",
    "can't start new thread",
];

impl End {
    pub(super) fn of(ended: &Ended, language: Language, disk_is_full: bool, last_words: &str, limits: &Limits) -> Self {
        let plain = match (ended.status.code(), ended.status.signal()) {
            (Some(0), _) => return Self::Exited(0),
            // As shells tell of signals.
            (Some(code @ 129..=192), _) => Self::Signalled(code - 128),
            (Some(code), _) => Self::Exited(code),
            (None, signal) => Self::Signalled(signal.unwrap_or(0)),
        };
        let said = |words: &[&str]| words.iter().any(|words| last_words.contains(words));
        let (memory, processes) = match ended.counted {
            Some(counted) => (counted.memory, counted.processes),
            // The limits are then those of each process, which nobody counts: what it says itself has to do. Node does not
            // always come to say it (V8 then ends by SIGILL, SIGTRAP, SIGABRT or SIGSEGV), and no script crashes it otherwise.
            None => {
                let crashed = language == Language::JavaScript && matches!(plain, Self::Signalled(4 | 5 | 6 | 11));
                (crashed || said(&NO_MEMORY), said(&NO_PROCESS))
            }
        };
        if memory {
            Self::Limited(Limit::Memory(limits.memory >> 20))
        } else if processes {
            Self::Limited(Limit::Processes(limits.processes))
        } else if disk_is_full {
            Self::Limited(Limit::Disk(limits.disk >> 20))
        } else {
            plain
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::ExitStatus;

    use super::super::cgroup::Counted;
    use super::*;

    fn end(raw: i32, counted: Option<Counted>, said: &str) -> String {
        let ended = Ended {
            status: ExitStatus::from_raw(raw),
            counted,
        };
        End::of(&ended, Language::Python, false, said, &Limits::default()).to_string()
    }

    #[test]
    fn a_crash_of_node_is_its_memory_where_nobody_counts() {
        let crash = |language, counted| {
            let status = ExitStatus::from_raw((128 + 11) << 8);
            let ended = Ended { status, counted };
            End::of(&ended, language, false, "Segmentation fault", &Limits::default()).to_string()
        };
        let nothing = Counted {
            memory: false,
            processes: false,
        };
        assert!(crash(Language::JavaScript, None).contains("512 MiB of memory"));
        assert!(crash(Language::JavaScript, Some(nothing)).contains("signal 11"));
        assert!(crash(Language::Shell, None).contains("signal 11"));
    }

    #[test]
    fn what_the_kernel_counted_is_believed_and_words_only_where_nobody_counts() {
        let nothing = Counted {
            memory: false,
            processes: false,
        };
        let memory = Counted {
            memory: true,
            processes: false,
        };
        let failed = 1 << 8;
        assert!(end(9, Some(memory), "").contains("512 MiB of memory"));
        assert!(end(failed, Some(nothing), "MemoryError").contains("exit code 1"));
        assert!(end(failed, None, "x\nMemoryError\n").contains("512 MiB of memory"));
        assert!(end(failed, None, "sh: 1: Cannot fork").contains("64 processes"));
        assert_eq!(end(0, Some(memory), "MemoryError"), "Done.");
        assert!(end(143 << 8, None, "").contains("signal 15"));
    }
}
