//! A Python of the tests' own, with what `end2end/requirements.txt` lists.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result};

use crate::{command, stamp, workspace::Workspace};

/// Makes the environment unless it is there, and gives back its interpreter.
pub(crate) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root.join("end2end/requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let mut inputs = stamp::Inputs::of_nothing();
    inputs.add("requirements", wanted);
    let digest = inputs.digest();
    let folder = workspace.target.join("test-python");
    let python = folder.join("bin/python");
    let done = folder.join(".strongroom");
    if stamp::holds(&done, &digest) && command::succeeds(Command::new(&python).arg("--version")) {
        return Ok(python);
    }
    command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let options = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
    ];
    command::run(Command::new(&python).args(options).arg(&requirements))?;
    stamp::write(&done, &digest)?;
    Ok(python)
}
