//! `cargo xtask bench`: measures the server as it is given to people.

use std::ffi::OsString;

use anyhow::{Result, bail};

use crate::{build, command, progress::Steps, setup, workspace::Workspace};

const PACKAGE: &str = "bench";

/// Builds the release programs, then runs the measuring program, which lies beside them.
pub(crate) fn bench(workspace: &Workspace, args: &[OsString]) -> Result<()> {
    if !workspace.has(PACKAGE) {
        bail!("there is no package `{PACKAGE}` in this tree");
    }
    let mut steps = Steps::new(build::STEPS + 2);
    let tools = steps.run("Setting up for measuring", || setup::for_testing(workspace))?;
    build::server(workspace, &mut steps)?;
    build::client(workspace, &mut steps)?;
    steps.run("Measuring", || {
        let mut cargo = command::cargo(&workspace.root);
        cargo.args(["run", "--release", "--package", PACKAGE, "--"]).args(args);
        cargo.env("CHROMIUM", &tools.chromium).current_dir(&workspace.root);
        command::run(&mut cargo)
    })
}
