//! The widget for other people's pages: `public/embed`, and the paste doctor that its frame loads.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use super::{browser, compress, file::SiteFile};
use crate::{
    profile::Profile,
    setup::Package,
    stamp,
    workspace::{DOCTOR, Workspace},
};

/// The most script that may be needed before somebody can type, brotli, in bytes: it is a guest in somebody else's page.
const MOST_SCRIPT: u64 = 10 * 1024;
/// The most that all of it may weigh.
const MOST: u64 = 40 * 1024;

/// Where it is served.
const PLACE: &str = "embed";
/// The doctor itself, and the script around it, which the frame fetches when a value field is first focused.
const DOCTOR_WASM: &str = "frame/doctor.wasm";
const DOCTOR_SCRIPT: &str = "/embed/frame/doctor.js";

/// Its files, in one folder, as they are served.
pub(super) struct Widget {
    pub(super) folder: PathBuf,
}

/// Has cargo compile the doctor, and gives back the raw WASM. It needs no binding: only numbers cross.
pub(super) fn compile(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    browser::compile_package(workspace, DOCTOR, profile, &["-Cstrip=symbols"])
}

/// Puts the files together; in a release the scripts come without comments and long names.
pub(super) fn make(workspace: &Workspace, profile: Profile, doctor: &Path) -> Result<Widget> {
    let folder = workspace.target.join("site").join(format!("{}.widget", profile.name()));
    let wasm = fs::read(doctor).with_context(|| format!("cannot read {}", doctor.display()))?;
    let sources = SiteFile::below(&workspace.root.join("public").join(PLACE), "")?;

    let mut inputs = stamp::Inputs::of_xtask(workspace)?;
    inputs.add("wasm", &wasm);
    inputs.add(
        "the tools' versions",
        fs::read(Package::Shrinking.folder(workspace).join("package-lock.json"))?,
    );
    for source in &sources {
        inputs.add(&source.path, &source.content);
    }
    let digest = inputs.digest();
    let done = folder.join(".stamp");
    if stamp::holds(&done, &digest) {
        return Ok(Widget { folder });
    }

    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("frame")).with_context(|| format!("cannot make {}", folder.display()))?;
    let module = folder.join(DOCTOR_WASM);
    fs::write(&module, wasm)?;
    if profile == Profile::Release {
        browser::shrink_wasm(workspace, &module)?;
    }
    for source in &sources {
        let file = folder.join(source.path.trim_start_matches('/'));
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&file, &source.content).with_context(|| format!("cannot write {}", file.display()))?;
        if profile == Profile::Release && source.path.ends_with(".js") {
            browser::shrink_script(workspace, &file)?;
        }
    }
    stamp::write(&done, &digest)?;
    Ok(Widget { folder })
}

impl Widget {
    /// By the paths that they are asked for.
    pub(super) fn files(&self) -> Result<Vec<SiteFile>> {
        SiteFile::below(&self.folder, PLACE)
    }

    pub(super) fn is_source(file: &SiteFile) -> bool {
        file.path.starts_with("/embed/")
    }
}

/// What a page with the widget loads, brotli, in bytes.
pub(crate) struct WidgetWeight {
    /// Script that somebody has to wait for before they can type.
    pub(crate) script: u64,
    /// All of it: style, and what comes with the first focus, too.
    pub(crate) whole: u64,
}

impl WidgetWeight {
    /// A new file counts by being there. Types are for editors: browsers never load them.
    pub(super) fn of(files: &[SiteFile]) -> Result<Self> {
        let mut weight = Self { script: 0, whole: 0 };
        for file in files.iter().filter(|file| !file.path.ends_with(".d.ts")) {
            let best = compress::brotli(&file.content, Profile::Release.brotli_quality())?;
            let bytes = u64::try_from(best.len().min(file.content.len()))?;
            weight.whole += bytes;
            if file.path.ends_with(".js") && file.path != DOCTOR_SCRIPT {
                weight.script += bytes;
            }
        }
        Ok(weight)
    }

    /// Fails where it is more than other people's pages are asked to load.
    pub(crate) fn check(&self) -> Result<()> {
        if self.script > MOST_SCRIPT || self.whole > MOST {
            bail!(
                "the widget is too heavy for other people's pages: {} bytes of script before it can be used, where \
                 {MOST_SCRIPT} are the most, and {} in all, where {MOST} are (brotli)",
                self.script,
                self.whole
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// Too short and too random to be compressed: it weighs what it is long.
    fn file(name: &str, bytes: u8) -> SiteFile {
        let noise = (0..bytes).map(|at| stamp::short(&[at], 2));
        let content = noise.filter_map(|digits| u8::from_str_radix(&digits, 16).ok());
        SiteFile::named(name, content.collect()).unwrap()
    }

    #[test]
    fn all_script_but_the_doctors_is_waited_for_and_types_weigh_nothing() {
        let files = [
            file("embed/field.js", 100),
            file("embed/frame/new.js", 20),
            file("embed/field.css", 50),
            file("embed/frame/doctor.js", 30),
            file("embed/frame/doctor.wasm", 200),
            file("embed/strongroom.d.ts", 250),
        ];
        let weight = WidgetWeight::of(&files).unwrap();
        assert_eq!((weight.script, weight.whole), (120, 400));
        weight.check().unwrap();
    }

    #[test]
    fn too_much_is_refused_and_said() {
        for weight in [
            WidgetWeight {
                script: MOST_SCRIPT + 1,
                whole: MOST,
            },
            WidgetWeight {
                script: MOST_SCRIPT,
                whole: MOST + 1,
            },
        ] {
            let error = weight.check().err().unwrap().to_string();
            assert!(error.contains("too heavy"), "{error}");
        }
        WidgetWeight {
            script: MOST_SCRIPT,
            whole: MOST,
        }
        .check()
        .unwrap();
    }
}
