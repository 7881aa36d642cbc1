//! The parts of the Rust toolchain that are not there from the start.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{command, workspace::WASM_TARGET};

/// Adds the WASM target. Looks into the toolchain rather than asking rustup, so that a toolchain from elsewhere will do.
pub(super) fn ensure_wasm_target() -> Result<()> {
    let sysroot = command::read(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    rustup(&["target", "add", WASM_TARGET])
}

/// Adds the formatter and the linter, which rustup's minimal profile leaves out.
pub(super) fn ensure_components() -> Result<()> {
    for (tool, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if !command::succeeds(Command::new(tool).arg("--version")) {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(args: &[&str]) -> Result<()> {
    let mut rustup = Command::new("rustup");
    rustup.args(args);
    if command::find(&["rustup"]).is_none() {
        bail!(
            "this Rust toolchain lacks a part, and there is no rustup to add it: install rustup (https://rustup.rs) and \
             run `{}`, or add the same through what installed Rust",
            command::line(&rustup)
        );
    }
    command::run(&mut rustup)
}
