//! Formatting and clippy, for each side by itself.

use anyhow::Result;

use crate::{
    command,
    profile::Profile,
    progress::Steps,
    setup, site,
    workspace::{FRONTEND, WASM_TARGET, Workspace},
};

/// `cargo xtask fmt`.
pub(crate) fn format(workspace: &Workspace) -> Result<()> {
    setup::for_linting()?;
    command::run(command::cargo(&workspace.root).args(["fmt", "--all"]))
}

/// Fails, naming the places, where the code is not formatted.
pub(crate) fn is_formatted(workspace: &Workspace) -> Result<()> {
    command::run(command::cargo(&workspace.root).args(["fmt", "--all", "--check"]))
}

/// `cargo xtask lint`.
pub(crate) fn lint_alone(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(STEPS + 1);
    steps.run("Setting up for linting", setup::for_linting)?;
    lint(workspace, &mut steps);
    steps.finish()
}

/// How many steps [`lint`] counts.
pub(crate) const STEPS: usize = 2;

/// Clippy for the server's side and for the browser's: one command each, because together `app` would get the features
/// of both.
pub(crate) fn lint(workspace: &Workspace, steps: &mut Steps) {
    steps.check("Linting the server side", || {
        let mut cargo = command::cargo(&workspace.root);
        cargo.arg("clippy").args(workspace.native()).arg("--all-targets");
        // The site that a test run has built, so that its server and this one are made from the same.
        let site = site::folder(workspace, Profile::Dev);
        if site.join(site::MANIFEST).is_file() {
            cargo.env(site::VARIABLE, site);
        }
        command::run(cargo.args(["--", "--deny", "warnings"]))
    });
    steps.check("Linting the browser side", || {
        let mut cargo = command::cargo(&workspace.root);
        cargo.args([
            "clippy",
            "--package",
            FRONTEND,
            "--target",
            WASM_TARGET,
            "--",
            "--deny",
            "warnings",
        ]);
        command::run(&mut cargo)
    });
}
