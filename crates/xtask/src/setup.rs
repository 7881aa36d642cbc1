//! Makes a bare machine ready: asks for nothing, installs what it may, and names the exact command for what it may not.

mod node;
mod python;
mod rust;
mod system;

use std::path::PathBuf;

use anyhow::Result;

use crate::workspace::Workspace;

pub(crate) use node::Package;
pub(crate) use python::ensure as python;

/// What building needs beside cargo: the WASM target, and wasm-opt where a release is made.
pub(crate) fn for_building(workspace: &Workspace, optimised: bool) -> Result<()> {
    rust::ensure_wasm_target()?;
    if optimised {
        node::ensure(workspace, Package::Shrinking)?;
    }
    Ok(())
}

/// What formatting and linting need.
pub(crate) fn for_linting() -> Result<()> {
    rust::ensure_wasm_target()?;
    rust::ensure_components()
}

/// Other people's programs that the tests use.
pub(crate) struct TestTools {
    /// The browser.
    pub(crate) chromium: PathBuf,
    /// A Python that has what the tests run in it.
    pub(crate) python: PathBuf,
    /// Where Node finds the browser tests' packages, and `dotenv`.
    pub(crate) node_modules: PathBuf,
}

/// What the tests need beside the programs.
pub(crate) fn for_testing(workspace: &Workspace) -> Result<TestTools> {
    let chromium = system::ensure()?;
    Ok(TestTools {
        chromium,
        python: python::ensure(workspace)?,
        node_modules: node::ensure(workspace, Package::EndToEnd)?,
    })
}
