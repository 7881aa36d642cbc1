//! `cargo xtask run`: from a fresh clone to a page in the browser.

use std::{ffi::OsString, os::unix::process::CommandExt as _, process::Command};

use anyhow::{Context as _, Result};

use crate::{build, progress::Steps, workspace::Workspace};

/// Builds the release server and becomes it, so that signals and the exit code are the server's own.
///
/// It runs at the root of the tree: the data directory is the same from wherever it is called.
pub(crate) fn run(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    let mut steps = Steps::new(build::SERVER_STEPS);
    let server = build::server(workspace, &mut steps)?;
    let error = Command::new(&server).args(args).current_dir(&workspace.root).exec();
    Err(error).with_context(|| format!("cannot start {}", server.display()))
}
