//! How a run ended, in words.

use std::fmt;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this code.
    Exited(i32),
    /// By a signal that it did not catch.
    Signalled(i32),
    /// At a limit.
    Limited(Limit),
}

/// A limit that a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Seconds that it may take.
    Time(u64),
    /// MiB of memory that it may use.
    Memory(u64),
    /// Processes that it may have.
    Processes(u32),
    /// KiB that it may print.
    Output(usize),
    /// MiB that it may write.
    Disk(u64),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(0) => f.write_str("Done."),
            Self::Exited(code) => write!(f, "It ended with exit code {code}."),
            Self::Signalled(signal) => write!(f, "It was ended by signal {signal}."),
            Self::Limited(limit) => limit.fmt(f),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(seconds) => write!(f, "It took more than {seconds} seconds, and was stopped."),
            Self::Memory(mib) => write!(f, "It needed more than {mib} MiB of memory, and was stopped."),
            Self::Processes(number) => write!(
                f,
                "It tried to have more than {number} processes at once, and got no more."
            ),
            Self::Output(kib) => write!(
                f,
                "It printed more than {kib} KiB, and was stopped. Print less, or write a file."
            ),
            Self::Disk(mib) => write!(f, "It wrote more than {mib} MiB of files, and could write no more."),
        }
    }
}
