//! The WASM: compiled by cargo, bound to JavaScript by wasm-bindgen, shrunk by wasm-opt.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    command,
    profile::Profile,
    setup::Package,
    stamp,
    workspace::{FRONTEND, WASM_TARGET, Workspace},
};

const NAME: &str = "strongroom";

/// Size before everything; and the features that rustc takes for granted on this target, which every browser since 2022
/// has.
const WASM_OPT: [&str; 11] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
    "--strip-dwarf",
    "--strip-producers",
    "--strip-target-features",
];

/// The two files that belong together.
pub(super) struct Bound {
    pub(super) js: PathBuf,
    pub(super) wasm: PathBuf,
}

/// Has cargo compile the browser's side by itself, and gives back the raw WASM.
pub(super) fn compile(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let (cargo_profile, folder) = profile.of_the_browser();
    let mut cargo = command::cargo(&workspace.root);
    cargo.args([
        "build",
        "--package",
        FRONTEND,
        "--lib",
        "--target",
        WASM_TARGET,
        "--profile",
        cargo_profile,
    ]);
    command::run(&mut cargo)?;
    Ok(workspace
        .target
        .join(WASM_TARGET)
        .join(folder)
        .join(format!("{FRONTEND}.wasm")))
}

/// Makes the JavaScript that loads the WASM, and the WASM that the browser gets.
pub(super) fn bind(workspace: &Workspace, profile: Profile, compiled: &Path) -> Result<Bound> {
    let folder = workspace.target.join("site").join(format!("{}.wasm", profile.name()));
    let bound = Bound {
        js: folder.join(format!("{NAME}.js")),
        wasm: folder.join(format!("{NAME}.wasm")),
    };
    let raw = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;

    let mut inputs = stamp::Inputs::of_xtask(workspace)?;
    inputs.add("wasm", &raw);
    inputs.add("wasm-opt", WASM_OPT.join(" "));
    inputs.add(
        "wasm-opt's version",
        fs::read(Package::WasmOpt.folder(workspace).join("package-lock.json"))?,
    );
    let digest = inputs.digest();
    let done = folder.join("stamp");
    if stamp::holds(&done, &digest) {
        eprintln!("      unchanged");
        return Ok(bound);
    }

    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let unoptimised = run_bindgen(&folder, profile, raw)?;
    match profile {
        Profile::Dev => fs::rename(&unoptimised, &bound.wasm)?,
        Profile::Release => run_wasm_opt(workspace, &unoptimised, &bound.wasm)?,
    }
    stamp::write(&done, &digest)?;
    Ok(bound)
}

/// The library of the version that `Cargo.lock` names, so that tool and crate cannot disagree.
fn run_bindgen(folder: &Path, profile: Profile, raw: Vec<u8>) -> Result<PathBuf> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(NAME, raw).web(true)?.typescript(false);
    // The page names the WASM, whose hashed name the script cannot know.
    bindgen.omit_default_module_path(true);
    // In development a panic should name the functions it went through.
    bindgen
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen refused the WASM")?;
    // Every crate that speaks to JavaScript is listed, most of them with no file.
    let inline = output
        .snippets()
        .iter()
        .filter(|(_, files)| !files.is_empty())
        .map(|(name, _)| name);
    let files: Vec<&str> = inline
        .chain(output.local_modules().keys())
        .map(String::as_str)
        .collect();
    if !files.is_empty() {
        bail!(
            "these crates bring JavaScript files of their own, which the site does not serve: {}",
            files.join(", ")
        );
    }
    output.emit(folder)?;
    Ok(folder.join(format!("{NAME}_bg.wasm")))
}

fn run_wasm_opt(workspace: &Workspace, from: &Path, to: &Path) -> Result<()> {
    // Started through Node and not by its link, which npm leaves out on some file systems.
    let wasm_opt = Package::WasmOpt
        .folder(workspace)
        .join("node_modules/binaryen/bin/wasm-opt");
    command::run(
        Command::new("node")
            .arg(wasm_opt)
            .args(WASM_OPT)
            .arg(from)
            .arg("-o")
            .arg(to),
    )?;
    let size = |path: &Path| fs::metadata(path).map(|file| file.len() / 1024);
    eprintln!("      {} KB before wasm-opt, {} KB after", size(from)?, size(to)?);
    fs::remove_file(from)?;
    Ok(())
}
