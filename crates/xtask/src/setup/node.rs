//! Node's packages, exactly as the lock files say.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{command, stamp, workspace::Workspace};

/// What Playwright needs; Node's own reader of `.env` files, which the tests use, came with 20.6.
const OLDEST_NODE: u32 = 20;

/// A folder with a `package.json` and its lock.
#[derive(Clone, Copy)]
pub(crate) enum Package {
    /// What makes a release's client small; apart, so that building does not fetch the test tools.
    Shrinking,
    /// The browser tests.
    EndToEnd,
}

impl Package {
    pub(crate) fn folder(self, workspace: &Workspace) -> PathBuf {
        workspace.root.join(match self {
            Self::Shrinking => "crates/xtask/node",
            Self::EndToEnd => "end2end",
        })
    }
}

/// Installs the package's dependencies unless that is done, and gives back their folder.
///
/// No package may run a script of its own on this machine: none of these needs one.
pub(super) fn ensure(workspace: &Workspace, package: Package) -> Result<PathBuf> {
    let folder = package.folder(workspace);
    let lock = folder.join("package-lock.json");
    let mut inputs = stamp::Inputs::of_nothing();
    inputs.add(
        "lock",
        fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?,
    );
    let digest = inputs.digest();
    let modules = folder.join("node_modules");
    let done = modules.join(".strongroom");
    if stamp::holds(&done, &digest) {
        return Ok(modules);
    }
    ensure_node()?;
    let options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    command::run(Command::new("npm").arg("ci").args(options).current_dir(&folder))?;
    stamp::write(&done, &digest)?;
    Ok(modules)
}

fn ensure_node() -> Result<()> {
    if command::find(&["node"]).is_none() || command::find(&["npm"]).is_none() {
        bail!("Node {OLDEST_NODE} or newer with npm is needed: https://nodejs.org/en/download");
    }
    let version = command::read(Command::new("node").arg("--version"))?;
    if major(&version).is_none_or(|major| major < OLDEST_NODE) {
        bail!(
            "Node {OLDEST_NODE} or newer is needed, and this is {}: https://nodejs.org/en/download",
            version.trim()
        );
    }
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_read_as_node_prints_it() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20.1"), None);
        assert_eq!(major("v"), None);
    }

    #[test]
    fn the_lock_files_say_what_and_not_where_from() {
        for lock in [
            include_str!("../../node/package-lock.json"),
            include_str!("../../../../end2end/package-lock.json"),
        ] {
            assert!(
                !lock.contains("\"resolved\": \"http"),
                "a lock file names a download address"
            );
            assert!(lock.contains("\"integrity\": \"sha512-"));
        }
    }
}
