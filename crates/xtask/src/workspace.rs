//! Where the tree is, where cargo builds, and which packages there are.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::command;

/// The browser's entry: the one package that is built for WASM, and never together with the others, because cargo
/// would then give `app` the features of both sides at once.
pub(crate) const FRONTEND: &str = "frontend";
/// The paste doctor of the secure field's frame: a WASM of its own. Its tests are native.
pub(crate) const DOCTOR: &str = "doctor";

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    packages: Vec<String>,
}

impl Workspace {
    /// Asks cargo, which knows every way of setting the target directory.
    pub(crate) fn find() -> Result<Self> {
        // Set anew by `cargo run`, so a tree that was moved since it was built is found where it is now.
        let own =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own
            .ancestors()
            .nth(2)
            .context("xtask is two folders below the workspace")?;
        let metadata = command::read(command::cargo(root).args(["metadata", "--no-deps", "--format-version=1"]))?;
        Self::from_metadata(root, &serde_json::from_str(&metadata)?)
    }

    fn from_metadata(root: &Path, metadata: &Value) -> Result<Self> {
        let target = metadata
            .get("target_directory")
            .and_then(Value::as_str)
            .context("cargo metadata: no target")?;
        let packages = metadata
            .get("packages")
            .and_then(Value::as_array)
            .context("cargo metadata: no packages")?;
        let mut packages: Vec<String> = packages
            .iter()
            .filter_map(|package| package.get("name")?.as_str())
            .map(str::to_owned)
            .collect();
        packages.sort();
        Ok(Self {
            root: root.to_owned(),
            target: PathBuf::from(target),
            packages,
        })
    }

    /// A tree that is only there for a test.
    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            target: root.join("target"),
            packages: Vec::new(),
        }
    }

    /// `-p NAME` for every package that runs outside the browser. Always all of them in one command: cargo then chooses
    /// the features of their dependencies once, and nothing is compiled twice. A new crate is in by being there.
    pub(crate) fn native(&self) -> Vec<&str> {
        self.packages
            .iter()
            .filter(|name| *name != FRONTEND)
            .flat_map(|name| ["-p", name])
            .collect()
    }

    pub(crate) fn has(&self, package: &str) -> bool {
        self.packages.iter().any(|name| name == package)
    }

    /// A program as cargo leaves it: `folder` is `debug` or `release`.
    pub(crate) fn program(&self, folder: &str, name: &str) -> PathBuf {
        self.target.join(folder).join(name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_browsers_entry_is_never_built_with_the_rest() {
        let metadata = serde_json::json!({
            "target_directory": "/tree/target",
            "packages": [{"name": "vault"}, {"name": "frontend"}, {"name": "app"}],
        });
        let workspace = Workspace::from_metadata(Path::new("/tree"), &metadata).unwrap();
        assert_eq!(workspace.native(), ["-p", "app", "-p", "vault"]);
        assert!(workspace.has("frontend"));
        assert_eq!(
            workspace.program("debug", "strongroom"),
            Path::new("/tree/target/debug/strongroom")
        );
    }
}
