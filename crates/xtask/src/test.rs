//! `cargo xtask test`: everything CI runs, or one part of it.

mod weight;

use std::{ffi::OsString, path::Path, process::Command, str::FromStr};

use anyhow::{Result, bail};

use crate::{
    command, lint,
    profile::Profile,
    progress::Steps,
    setup::{self, TestTools},
    site,
    workspace::Workspace,
};

/// A part of the tests that can be run by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Formatting.
    Fmt,
    /// Clippy.
    Lint,
    /// What may not be in the WASM.
    Weight,
    /// Unit, integration and command-line tests.
    Unit,
    /// Tests in a real browser.
    Browser,
}

impl Part {
    const ALL: [(&'static str, Self); 5] = [
        ("fmt", Self::Fmt),
        ("lint", Self::Lint),
        ("weight", Self::Weight),
        ("unit", Self::Unit),
        ("browser", Self::Browser),
    ];

    /// How many steps it counts, beside those that are shared.
    fn steps(self) -> usize {
        match self {
            Self::Fmt | Self::Weight | Self::Unit => 1,
            Self::Lint => lint::STEPS,
            Self::Browser => 2,
        }
    }

    fn needs_programs(self) -> bool {
        matches!(self, Self::Unit | Self::Browser)
    }
}

impl FromStr for Part {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        match Self::ALL.iter().find(|(known, _)| *known == name) {
            Some((_, part)) => Ok(*part),
            None => {
                let known: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
                bail!("the tests have no part {name:?}; they have {}", known.join(", "))
            }
        }
    }
}

/// Runs one part, or all of them in the order in which failures are cheapest to find. What fails does not keep the rest
/// from running, and is named at the end.
pub(crate) fn test(workspace: &Workspace, part: Option<Part>, args: &[OsString]) -> Result<()> {
    let parts: Vec<Part> = Part::ALL
        .iter()
        .map(|(_, each)| *each)
        .filter(|each| part.is_none_or(|part| part == *each))
        .collect();
    let programs = parts.iter().any(|part| part.needs_programs());
    let building = if programs { site::STEPS + 1 } else { 0 };
    let mut steps = Steps::new(1 + building + parts.iter().map(|part| part.steps()).sum::<usize>());
    let outcome = run_parts(workspace, &parts, args, &mut steps);
    // The summary says what failed on the way, so it comes first.
    steps.finish()?;
    outcome
}

fn run_parts(workspace: &Workspace, parts: &[Part], args: &[OsString], steps: &mut Steps) -> Result<()> {
    let has = |part| parts.contains(&part);
    let tools = steps.run("Setting up for testing", || {
        setup::for_linting()?;
        match parts.iter().any(|part| part.needs_programs()) {
            true => setup::for_testing(workspace).map(Some),
            false => Ok(None),
        }
    })?;
    if has(Part::Fmt) {
        steps.check("Checking the format", || lint::is_formatted(workspace));
    }
    if has(Part::Weight) {
        steps.check("Checking what is in the WASM", || weight::check(workspace));
    }
    let site = match tools {
        Some(_) => Some(site::build(workspace, Profile::Dev, steps)?),
        None => None,
    };
    if has(Part::Lint) {
        lint::lint(workspace, steps);
    }
    let (Some(tools), Some(site)) = (tools, site) else {
        return Ok(());
    };
    steps.run("Compiling the programs and their tests", || {
        command::run(
            cargo(workspace, &tools, &site)
                .arg("build")
                .args(workspace.native())
                .arg("--all-targets"),
        )
    })?;
    if has(Part::Unit) {
        steps.check("Unit, integration and command-line tests", || {
            command::run(
                cargo(workspace, &tools, &site)
                    .args(["test", "--no-fail-fast"])
                    .args(workspace.native())
                    .arg("--")
                    .args(args),
            )
        });
    }
    if has(Part::Browser) {
        let npx = || {
            let mut npx = with_environment(Command::new("npx"), workspace, &tools);
            npx.arg("--no-install").current_dir(workspace.root.join("end2end"));
            npx
        };
        steps.check("Type-checking the browser tests", || command::run(npx().arg("tsc")));
        steps.check("Browser tests", || {
            command::run(npx().args(["playwright", "test"]).args(args))
        });
    }
    Ok(())
}

fn cargo(workspace: &Workspace, tools: &TestTools, site: &Path) -> Command {
    let mut cargo = with_environment(command::cargo(&workspace.root), workspace, tools);
    // The same for the build and for the tests, or the server would be compiled twice.
    cargo.env(site::VARIABLE, site);
    cargo
}

/// What tests learn about where they run.
fn with_environment(mut command: Command, workspace: &Workspace, tools: &TestTools) -> Command {
    command
        .env("CHROMIUM", &tools.chromium)
        .env("STRONGROOM_TEST_PYTHON", &tools.python)
        .env("STRONGROOM_TEST_NODE_MODULES", &tools.node_modules)
        .env("STRONGROOM_SERVER_BIN", workspace.program("debug", "strongroom-server"))
        .env("STRONGROOM_CLI_BIN", workspace.program("debug", "strongroom"));
    command
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_part_has_a_name_and_an_unknown_one_is_answered_with_them() {
        for (name, part) in Part::ALL {
            assert_eq!(name.parse::<Part>().unwrap(), part);
        }
        let error = "units".parse::<Part>().unwrap_err().to_string();
        assert!(error.contains("fmt, lint, weight, unit, browser"), "{error}");
    }
}
