//! `cargo xtask soak`: what takes too long for every run of the tests.

use std::{fs, path::PathBuf, process::Command, str::FromStr};

use anyhow::{Result, bail};

use crate::{command, progress::Steps, setup, workspace::Workspace};

/// One thing that is tried for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The redactor against the naive reference: a million texts, cut by chance.
    Redact,
    /// The server killed ten thousand times in the midst of its work.
    Kill,
    /// Each fuzz target ten million times.
    Fuzz,
    /// Thousands of tries of each call that the OpenAPI document has, by everybody who can call.
    Schema,
}

/// All of them.
const PARTS: [Part; 4] = [Part::Redact, Part::Kill, Part::Fuzz, Part::Schema];
/// Kills in all, and in one run of the test: what is done by then is not done again.
const KILLS: u32 = 10_000;
const KILLS_A_RUN: u32 = 250;
const KILLING: &str = "kills";
/// As in `fuzz/Cargo.toml`.
const FUZZ_TARGETS: [&str; 7] = ["envelope", "name", "dotenv", "formats", "token", "redactor", "body"];
const FUZZ_RUNS: u32 = 10_000_000;
const FUZZ_RUNS_A_TURN: u32 = 500_000;
const CARGO_FUZZ: &str = "0.13.1";
const SCHEMA_TRIES: u32 = 2_000;

impl FromStr for Part {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "redact" => Ok(Self::Redact),
            "kill" => Ok(Self::Kill),
            "fuzz" => Ok(Self::Fuzz),
            "schema" => Ok(Self::Schema),
            _ => bail!("there is no part `{word}`: redact, kill, fuzz, schema"),
        }
    }
}

/// One part, or all of them.
pub(crate) fn soak(workspace: &Workspace, part: Option<Part>) -> Result<()> {
    let parts = part.map_or_else(|| PARTS.to_vec(), |part| vec![part]);
    let mut steps = Steps::new(parts.len());
    for part in &parts {
        match part {
            Part::Redact => steps.run("Redacting a million texts", || {
                let mut cargo = command::cargo(&workspace.root);
                cargo.args(["test", "--release", "--package", "redact", "--", "--nocapture"]);
                command::run(cargo.env("REDACT_CASES", "1000000"))
            })?,
            Part::Kill => steps.run("Killing the server ten thousand times", || kill(workspace))?,
            Part::Fuzz => steps.run("Fuzzing each target ten million times", || fuzz(workspace))?,
            Part::Schema => steps.run("Calling by the OpenAPI document", || schema(workspace))?,
        }
    }
    // Only now, so that one that was cut off goes on where it was, over all of its parts.
    for part in parts {
        let names: &[&str] = match part {
            Part::Kill => &[KILLING],
            Part::Fuzz => &FUZZ_TARGETS,
            Part::Redact | Part::Schema => &[],
        };
        for name in names {
            fs::remove_file(done_file(workspace, name))?;
        }
    }
    steps.finish()
}

fn done_file(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.target.join("soak").join(format!("{name}.done"))
}

fn kill(workspace: &Workspace) -> Result<()> {
    in_turns(workspace, KILLING, KILLS / KILLS_A_RUN, || {
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
        command::run(cargo.env("STRONGROOM_KILL_ROUNDS", KILLS_A_RUN.to_string()))
    })
}

fn schema(workspace: &Workspace) -> Result<()> {
    let python = setup::python(workspace)?;
    let mut cargo = command::cargo(&workspace.root);
    cargo.args(["test", "--package", "server", "--test", "process", "--", "schema::"]);
    cargo.env("STRONGROOM_TEST_PYTHON", python);
    command::run(cargo.env("STRONGROOM_SCHEMA_TRIES", SCHEMA_TRIES.to_string()))
}

/// Needs a nightly toolchain. What libFuzzer finds on its way is kept below `target/soak`, and what fails in
/// `fuzz/artifacts`: such an input belongs into `fuzz/corpus` once what it found is mended.
fn fuzz(workspace: &Workspace) -> Result<()> {
    let tools = workspace.target.join("tools");
    let fuzzer = tools.join("bin").join("cargo-fuzz");
    if !fuzzer.exists() {
        let mut cargo = command::cargo(&workspace.root);
        cargo.args(["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--locked", "--root"]);
        command::run(cargo.arg(&tools))?;
    }
    for target in FUZZ_TARGETS {
        let found = workspace.target.join("soak").join("fuzz").join(target);
        fs::create_dir_all(&found)?;
        in_turns(workspace, target, FUZZ_RUNS / FUZZ_RUNS_A_TURN, || {
            let mut run = Command::new(&fuzzer);
            run.current_dir(&workspace.root).env("RUSTUP_TOOLCHAIN", "nightly");
            // No sanitizer: nothing of ours may be `unsafe`, and what is looked for panics. It is several times as fast.
            run.args(["fuzz", "run", "--fuzz-dir", "fuzz", "--sanitizer", "none", target]);
            run.arg(&found);
            run.arg(workspace.root.join("fuzz").join("corpus").join(target));
            run.args(["--", &format!("-runs={FUZZ_RUNS_A_TURN}"), "-max_len=4096"]);
            command::run(&mut run)
        })?;
    }
    Ok(())
}

/// Does something so many times, and goes on where an earlier run was cut off.
fn in_turns(workspace: &Workspace, name: &str, turns: u32, turn: impl Fn() -> Result<()>) -> Result<()> {
    let done_file = done_file(workspace, name);
    fs::create_dir_all(workspace.target.join("soak"))?;
    let mut done: u32 = fs::read_to_string(&done_file).map_or(0, |text| text.trim().parse().unwrap_or(0));
    while done < turns {
        turn()?;
        done += 1;
        fs::write(&done_file, done.to_string())?;
        eprintln!("      {name}: {done} of {turns} turns");
    }
    Ok(())
}
