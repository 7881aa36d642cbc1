//! The WASM: compiled by cargo, split into pieces, bound to JavaScript by wasm-bindgen, shrunk by wasm-opt and
//! terser.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

use super::names;
use crate::{
    command,
    profile::Profile,
    setup::Package,
    stamp,
    workspace::{FRONTEND, WASM_TARGET, Workspace},
};

const NAME: &str = "strongroom";
/// The script that fetches pieces. The WASM imports it by this name, which has to stay.
const LOADER: &str = "pieces.js";

/// Size before everything: structured anew from flat code it is some hundredth less, compressed. And the features that
/// rustc takes for granted on this target, which every browser since 2022 has.
const WASM_OPT: [&str; 15] = [
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
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

/// Names that nobody outside sees become short.
const TERSER: [&str; 3] = ["--module", "--compress", "--mangle"];

/// The client's files, in one folder: they name each other, relative to it.
pub(super) struct Bound {
    pub(super) folder: PathBuf,
}

impl Bound {
    /// What a page names: the script that takes it over.
    pub(super) const JS: &str = "strongroom.js";
    /// What a page names: the first piece.
    pub(super) const WASM: &str = "strongroom.wasm";
    /// What every page loads before it is alive.
    pub(super) const FIRST: [&str; 3] = [Self::JS, LOADER, Self::WASM];
    /// Which files belong to which piece, as JSON; not served.
    pub(super) const PIECES: &str = "pieces.json";
}

/// Has cargo compile the client by itself, and gives back the raw WASM.
pub(super) fn compile(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    // Who calls whom, which the splitting goes by.
    compile_package(workspace, FRONTEND, profile, &["-Clink-arg=--emit-relocs"])
}

/// Has cargo compile one package to WASM by itself, and gives back what it made.
pub(super) fn compile_package(
    workspace: &Workspace,
    package: &str,
    profile: Profile,
    rustc: &[&str],
) -> Result<PathBuf> {
    let (cargo_profile, folder) = profile.of_the_browser();
    let mut cargo = command::cargo(&workspace.root);
    cargo.args(["rustc", "--package", package, "--lib", "--target", WASM_TARGET]);
    cargo.args(["--profile", cargo_profile, "--"]).args(rustc);
    command::run(&mut cargo)?;
    Ok(workspace
        .target
        .join(WASM_TARGET)
        .join(folder)
        .join(format!("{package}.wasm")))
}

/// Makes the pieces, and the JavaScript that loads them.
pub(super) fn bind(workspace: &Workspace, profile: Profile, compiled: &Path) -> Result<Bound> {
    let folder = workspace.target.join("site").join(format!("{}.wasm", profile.name()));
    let raw = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;

    let mut inputs = stamp::Inputs::of_xtask(workspace)?;
    inputs.add("wasm", &raw);
    inputs.add(
        "the tools' versions",
        fs::read(Package::Shrinking.folder(workspace).join("package-lock.json"))?,
    );
    let digest = inputs.digest();
    let done = folder.join("stamp");
    if stamp::holds(&done, &digest) {
        eprintln!("      unchanged");
        return Ok(Bound { folder });
    }

    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (first, mut pieces) = split(&folder, &raw)?;
    pieces.push(run_bindgen(&folder, profile, first)?);
    if profile == Profile::Release {
        names::shorten(&folder.join(Bound::WASM), &folder.join(Bound::JS))?;
        for piece in &pieces {
            shrink_wasm(workspace, piece)?;
        }
        for script in [Bound::JS, LOADER] {
            shrink_script(workspace, &folder.join(script))?;
        }
    }
    stamp::write(&done, &digest)?;
    Ok(Bound { folder })
}

/// Splits the WASM at the functions that `app` marks. Gives back the first piece, for wasm-bindgen, and the files of the
/// others, which are done.
fn split(folder: &Path, raw: &[u8]) -> Result<(Vec<u8>, Vec<PathBuf>)> {
    let first = folder.join("unbound.wasm");
    let main_module = format!("./{}", Bound::JS);
    let loader = format!("./{LOADER}");
    let mut options = Options::new(raw);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.main_module = &main_module;
    options.link_name = &loader;
    let split = wasm_split_cli_support::transform(options)
        // Its errors are of another library for them, with the causes in the long form.
        .map_err(|error| anyhow!("the WASM cannot be split: {error:#}"))?;
    let pieces: BTreeMap<_, _> = split.prefetch_map.iter().collect();
    fs::write(folder.join(Bound::PIECES), serde_json::to_vec(&pieces)?)?;
    let unbound = fs::read(&first)?;
    fs::remove_file(&first)?;
    Ok((unbound, split.split_modules))
}

/// The library of the version that `Cargo.lock` names, so that tool and crate cannot disagree.
fn run_bindgen(folder: &Path, profile: Profile, raw: Vec<u8>) -> Result<PathBuf> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(NAME, raw).web(true)?.typescript(false);
    // The page names the WASM, whose path the script does not know.
    bindgen.omit_default_module_path(true);
    // The other pieces need the stack pointer and the table.
    bindgen.keep_lld_exports(true);
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
    let wasm = folder.join(Bound::WASM);
    fs::rename(folder.join(format!("{NAME}_bg.wasm")), &wasm)?;
    Ok(wasm)
}

pub(super) fn shrink_wasm(workspace: &Workspace, wasm: &Path) -> Result<()> {
    shrink(workspace, "binaryen/bin/wasm-opt", &WASM_OPT, wasm)
}

pub(super) fn shrink_script(workspace: &Workspace, script: &Path) -> Result<()> {
    shrink(workspace, "terser/bin/terser", &TERSER, script)
}

/// What a tool of the package makes of a file, in its place. Started through Node and not by its link, which npm leaves out
/// on some file systems.
fn shrink(workspace: &Workspace, tool: &str, args: &[&str], file: &Path) -> Result<()> {
    let tool = Package::Shrinking.folder(workspace).join("node_modules").join(tool);
    let shrunk = file.with_extension("shrunk");
    command::run(
        Command::new("node")
            .arg(tool)
            .arg(file)
            .args(args)
            .arg("-o")
            .arg(&shrunk),
    )?;
    let size = |path: &Path| fs::metadata(path).map(|file| file.len() / 1024);
    eprintln!(
        "      {:>5} KB, shrunk to {:>4} KB: {}",
        size(file)?,
        size(&shrunk)?,
        file.file_name().unwrap_or_default().display()
    );
    fs::rename(&shrunk, file)?;
    Ok(())
}
