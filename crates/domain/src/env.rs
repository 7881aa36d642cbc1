//! An environment as text: written for those who read it in a sandbox, read from `.env` files that people have.
//!
//! Each writer promises that the real readers of its format get the exact bytes back, and refuses, naming every
//! secret concerned, where the format cannot carry a value. Silently bent values are what this replaces.

mod docker;
mod dotenv;
mod format;
mod json;
mod read;
mod shell;

use std::fmt;

use zeroize::Zeroizing;

pub use format::{EnvFormat, UnknownFormat};
pub use read::{DotenvEntry, DotenvFile, DotenvProblem, read_dotenv};

use crate::{SecretName, SecretValue};

/// The most that one environment may hold, in bytes as [`entry_bytes`] counts them: 1 MiB. Linux gives a new process
/// a quarter of its stack limit for arguments and environment together, 2 MiB by default (execve(2)).
pub const MAX_ENVIRONMENT_BYTES: usize = 1_048_576;

/// What one variable takes of the environment: `NAME=value` and the NUL that ends it.
#[must_use]
pub fn entry_bytes(name: &str, value_len: usize) -> usize {
    name.len().saturating_add(value_len).saturating_add(2)
}

/// One variable to write.
type Entry<'a> = (&'a SecretName, &'a SecretValue);

/// Writes an environment, in the order given (callers sort by name). The buffer has its final size from the start,
/// so that no piece of a value stays behind in memory that was outgrown, and is wiped when dropped.
///
/// # Errors
/// [`Unrepresentable`] with every name whose value the format cannot carry; nothing is written then.
pub fn write(format: EnvFormat, entries: &[(&SecretName, &SecretValue)]) -> Result<Zeroizing<String>, Unrepresentable> {
    match format {
        EnvFormat::Json => Ok(json::write(entries)),
        EnvFormat::Shell => Ok(shell::write(entries)),
        EnvFormat::Dotenv => dotenv::write(entries),
        EnvFormat::Docker => docker::write(entries),
    }
    .map_err(|names| Unrepresentable { format, names })
}

/// The values that a format cannot carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrepresentable {
    /// The format asked for.
    pub format: EnvFormat,
    /// Every name concerned, in the order given, and what about its value is in the way, as the second half of a
    /// sentence: "it has a line break". Never a piece of the value.
    pub names: Vec<(SecretName, String)>,
}

impl std::error::Error for Unrepresentable {}

impl fmt::Display for Unrepresentable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The format {} cannot carry every value exactly: ", self.format)?;
        for (before, (name, why)) in self.names.iter().enumerate() {
            if before > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{name}, because {why}")?;
        }
        f.write_str(". Ask for json or shell, which carry every value, or leave these names out.")
    }
}

/// Names that a format cannot carry, each with the reason.
type Refused = Vec<(SecretName, String)>;

/// How each entry is to be written, or all of those that cannot be.
fn all_or_names<'a, T>(
    entries: &[Entry<'a>],
    plan: impl Fn(&str, &str) -> Result<T, &'static str>,
) -> Result<Vec<(Entry<'a>, T)>, Refused> {
    let mut planned = Vec::with_capacity(entries.len());
    let mut refused = Vec::new();
    for &(name, value) in entries {
        // Exposed to the writer's rule, which answers how to write it or why not, and keeps nothing of it.
        match plan(name.as_str(), value.expose()) {
            Ok(how) => planned.push(((name, value), how)),
            Err(why) => refused.push((name.clone(), why.to_owned())),
        }
    }
    if refused.is_empty() { Ok(planned) } else { Err(refused) }
}
