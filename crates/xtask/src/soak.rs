//! `cargo xtask soak`: what takes too long for every run of the tests.

use std::{fs, str::FromStr};

use anyhow::{Result, bail};

use crate::{command, progress::Steps, workspace::Workspace};

/// One thing that is tried for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The redactor against the naive reference: a million texts, cut by chance.
    Redact,
    /// The server killed ten thousand times in the midst of its work.
    Kill,
}

/// All of them.
const PARTS: [Part; 2] = [Part::Redact, Part::Kill];
/// Kills in all, and in one run of the test: what is done by then is not done again.
const KILLS: u32 = 10_000;
const KILLS_A_RUN: u32 = 250;

impl FromStr for Part {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "redact" => Ok(Self::Redact),
            "kill" => Ok(Self::Kill),
            _ => bail!("there is no part `{word}`: redact, kill"),
        }
    }
}

/// One part, or all of them.
pub(crate) fn soak(workspace: &Workspace, part: Option<Part>) -> Result<()> {
    let parts = part.map_or_else(|| PARTS.to_vec(), |part| vec![part]);
    let mut steps = Steps::new(parts.len());
    for part in parts {
        match part {
            Part::Redact => steps.run("Redacting a million texts", || {
                let mut cargo = command::cargo(&workspace.root);
                cargo.args(["test", "--release", "--package", "redact", "--", "--nocapture"]);
                command::run(cargo.env("REDACT_CASES", "1000000"))
            })?,
            Part::Kill => steps.run("Killing the server ten thousand times", || kill(workspace))?,
        }
    }
    steps.finish()
}

/// Goes on where an earlier run was cut off.
fn kill(workspace: &Workspace) -> Result<()> {
    let done_file = workspace.target.join("soak").join("kills");
    fs::create_dir_all(workspace.target.join("soak"))?;
    let mut done: u32 = fs::read_to_string(&done_file).map_or(0, |text| text.trim().parse().unwrap_or(0));
    while done < KILLS {
        let mut cargo = command::cargo(&workspace.root);
        cargo.args([
            "test",
            "--package",
            "server",
            "--test",
            "process",
            "--",
            "--nocapture",
            "kill::",
        ]);
        command::run(cargo.env("STRONGROOM_KILL_ROUNDS", KILLS_A_RUN.to_string()))?;
        done += KILLS_A_RUN;
        fs::write(&done_file, done.to_string())?;
        eprintln!("      {done} of {KILLS} kills");
    }
    Ok(fs::remove_file(&done_file)?)
}
