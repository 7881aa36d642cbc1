//! The paste doctor of the secure field's frame: `domain` alone as a small WASM, and the script around it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use super::browser::{compile_package, run_bindgen, shrink_script, shrink_wasm};
use super::file::SiteFile;
use crate::{
    profile::Profile,
    stamp,
    workspace::{DOCTOR, Workspace},
};

const NAME: &str = "examiner";
const FILES: [&str; 2] = ["examiner.js", "examiner.wasm"];

/// Its files, in one folder.
pub(super) struct Examiner {
    pub(super) folder: PathBuf,
}

impl Examiner {
    /// As the frame's own files name them.
    pub(super) fn files(&self) -> Result<Vec<SiteFile>> {
        let read = |name: &str| {
            let path = self.folder.join(name);
            let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            SiteFile::named(&format!("embed/frame/{name}"), content)
        };
        FILES.into_iter().map(read).collect()
    }
}

/// Gives back the raw WASM.
pub(super) fn compile(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    compile_package(workspace, DOCTOR, profile, &[])
}

/// Makes the script and the WASM that are served.
pub(super) fn bind(workspace: &Workspace, profile: Profile, compiled: &Path) -> Result<Examiner> {
    let folder = workspace.target.join("site").join(format!("{}.doctor", profile.name()));
    let raw = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let mut inputs = stamp::Inputs::of_xtask(workspace)?;
    inputs.add("wasm", &raw);
    let digest = inputs.digest();
    let done = folder.join("stamp");
    if stamp::holds(&done, &digest) {
        return Ok(Examiner { folder });
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let wasm = run_bindgen(&folder, NAME, profile, raw, |_| {})?;
    if profile == Profile::Release {
        shrink_wasm(workspace, &wasm)?;
        shrink_script(workspace, &folder.join(format!("{NAME}.js")))?;
    }
    stamp::write(&done, &digest)?;
    Ok(Examiner { folder })
}
