//! Names of files beside others.

use std::path::{Path, PathBuf};

/// The path with something more at the end of its name: `root.key` and `.next` give `root.key.next`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
