//! `cargo xtask soak`: what takes too long for every run of the tests.

use std::str::FromStr;

use anyhow::{Result, bail};

use crate::{command, progress::Steps, workspace::Workspace};

/// One thing that is tried for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The redactor against the naive reference: a million texts, cut by chance.
    Redact,
}

impl FromStr for Part {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "redact" => Ok(Self::Redact),
            _ => bail!("there is no part `{word}`: redact"),
        }
    }
}

/// One part, or all of them.
pub(crate) fn soak(workspace: &Workspace, part: Option<Part>) -> Result<()> {
    let parts = part.map_or_else(|| vec![Part::Redact], |part| vec![part]);
    let mut steps = Steps::new(parts.len());
    for part in parts {
        match part {
            Part::Redact => steps.run("Redacting a million texts", || {
                let mut cargo = command::cargo(&workspace.root);
                cargo.args(["test", "--release", "--package", "redact", "--", "--nocapture"]);
                command::run(cargo.env("REDACT_CASES", "1000000"))
            })?,
        }
    }
    steps.finish()
}
