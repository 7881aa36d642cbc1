//! What a step was made from, remembered beside what it made, so that it is not made again from the same.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::workspace::Workspace;

/// A running digest over named inputs.
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// Starts with nothing, for what another program makes.
    pub(crate) fn of_nothing() -> Self {
        Self(Sha256::new())
    }

    /// Starts with this program's own sources: when they change, everything that it makes may. Not the program: cargo
    /// builds it anew, from the same sources, whenever it shares its dependencies with other packages.
    pub(crate) fn of_xtask(workspace: &Workspace) -> Result<Self> {
        let mut inputs = Self::of_nothing();
        let mut folders = vec![workspace.root.join("crates/xtask/src")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path)
                } else {
                    files.push(path)
                }
            }
        }
        files.sort();
        for file in files {
            inputs.add(&file.to_string_lossy(), fs::read(&file)?);
        }
        Ok(inputs)
    }

    /// Adds one input; the lengths keep neighbours apart.
    pub(crate) fn add(&mut self, name: &str, content: impl AsRef<[u8]>) {
        let content = content.as_ref();
        self.0.update(format!("{}:{name}:{}:", name.len(), content.len()));
        self.0.update(content);
    }

    pub(crate) fn digest(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// The first hex digits of a content's SHA-256.
pub(crate) fn short(content: &[u8], digits: usize) -> String {
    hex::encode(Sha256::digest(content)).chars().take(digits).collect()
}

/// Whether the stamp in that file is this one.
pub(crate) fn holds(file: &Path, digest: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|held| held == digest)
}

/// Writes the stamp; the last thing a step does, so that one cut short is done again.
pub(crate) fn write(file: &Path, digest: &str) -> Result<()> {
    fs::write(file, digest).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn digest(parts: &[(&str, &str)]) -> String {
        let mut inputs = Inputs::of_nothing();
        for (name, content) in parts {
            inputs.add(name, content);
        }
        inputs.digest()
    }

    #[test]
    fn the_same_inputs_give_the_same_stamp_and_any_other_another() {
        let stamp = digest(&[("a", "bc")]);
        assert_eq!(stamp, digest(&[("a", "bc")]));
        assert_ne!(stamp, digest(&[("a", "bd")]));
        assert_ne!(stamp, digest(&[("ab", "c")]));
        assert_ne!(stamp, digest(&[("a", "b"), ("c", "")]));
    }

    #[test]
    fn a_stamp_holds_once_written_and_not_before() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("stamp");
        assert!(!holds(&file, "d1"));
        write(&file, "d1").unwrap();
        assert!(holds(&file, "d1") && !holds(&file, "d2"));
    }

    #[test]
    fn a_short_digest_is_the_beginning_of_the_long_one() {
        assert_eq!(short(b"", 8), "e3b0c442");
    }
}
