//! `cargo xtask build`: the two programs that are given to people, each one file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::{command, profile::Profile, progress::Steps, site, workspace::Workspace};

/// How many steps [`server`] counts.
pub(crate) const SERVER_STEPS: usize = site::STEPS + 1;
/// How many steps [`server`] and [`client`] count together.
pub(crate) const STEPS: usize = SERVER_STEPS + 1;

/// Builds `target/release/strongroom-server` with the site inside, and `target/release/strongroom`.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(STEPS);
    let server = server(workspace, &mut steps)?;
    let client = client(workspace, &mut steps)?;
    steps.finish()?;
    eprintln!();
    for program in [&server, &client] {
        eprintln!(
            "  {:>6} KB  {}",
            kilobytes(fs::metadata(program)?.len()),
            shown(workspace, program)
        );
    }
    let weight = site::weight(&site::folder(workspace, Profile::Release))?;
    eprintln!(
        "  {:>6} KB  JavaScript and WASM of the Secrets page (brotli)",
        kilobytes(weight.first)
    );
    for (piece, bytes) in &weight.pieces {
        eprintln!("  {:>6} KB  more where it is needed: {piece}", kilobytes(*bytes));
    }
    let widget = site::widget_weight(workspace)?;
    eprintln!(
        "  {:>6} KB  the widget in somebody else's page, {} bytes of it script that is needed before it can be used",
        kilobytes(widget.whole),
        widget.script
    );
    widget.check()
}

/// Builds the release server and gives back its path. The browser's side first: the server carries it.
pub(crate) fn server(workspace: &Workspace, steps: &mut Steps) -> Result<PathBuf> {
    let site = site::build(workspace, Profile::Release, steps)?;
    steps.run("Compiling the server (release)", || {
        let mut cargo = command::cargo(&workspace.root);
        cargo
            .args(["build", "--release", "--package", "server"])
            .env(site::VARIABLE, site);
        command::run(&mut cargo)?;
        Ok(workspace.program("release", "strongroom-server"))
    })
}

/// Builds the release client and gives back its path.
pub(crate) fn client(workspace: &Workspace, steps: &mut Steps) -> Result<PathBuf> {
    steps.run("Compiling the client (release)", || {
        command::run(command::cargo(&workspace.root).args(["build", "--release", "--package", "cli"]))?;
        Ok(workspace.program("release", "strongroom"))
    })
}

fn kilobytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024)
}

fn shown(workspace: &Workspace, program: &Path) -> String {
    program
        .strip_prefix(&workspace.root)
        .unwrap_or(program)
        .display()
        .to_string()
}
