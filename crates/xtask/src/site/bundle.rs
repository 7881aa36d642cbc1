//! Names, compresses and lists the files of the site.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::json;

use super::{browser::Bound, client::Client, compress, file::SiteFile, folder, style, widget::Widget};
use crate::{profile::Profile, stamp, workspace::Workspace};

/// The list that the server's build reads.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The script that other people's pages load.
const LOADER: &str = "/embed/strongroom.js";
pub(super) const BROTLI_SUFFIX: &str = ".br";

/// Puts the site together and gives back its folder. The old one is replaced whole, and only by a different one, so that
/// the server is not compiled again for nothing.
pub(super) fn bundle(workspace: &Workspace, profile: Profile, bound: &Bound, widget: &Widget) -> Result<PathBuf> {
    let site = folder(workspace, profile);
    let css = SiteFile::hashed("css", style::sheet(&workspace.root.join("style"))?.into_bytes())?;
    let client = Client::read(bound)?;
    let mut manifest = json!({
        "js": client.path(Bound::JS),
        "wasm": client.path(Bound::WASM),
        "css": css.path,
        "first": Bound::FIRST.map(|name| client.path(name)),
        "pieces": client.pieces,
    });
    let mut files = client.files;
    files.push(css);
    let public = SiteFile::below(&workspace.root.join("public"), "")?;
    files.extend(public.into_iter().filter(|file| !Widget::is_source(file)));
    files.extend(widget.files()?);
    files.extend(versioned_loader(&files)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let mut inputs = stamp::Inputs::of_xtask(workspace)?;
    for file in &files {
        inputs.add(&file.path, &file.content);
    }
    let digest = inputs.digest();
    let done = site.with_extension("stamp");
    if stamp::holds(&done, &digest) && site.join(MANIFEST).is_file() {
        eprintln!("      unchanged");
        return Ok(site);
    }

    let new = site.with_extension("new");
    let _ = fs::remove_dir_all(&new);
    let mut listed = Vec::new();
    for file in &files {
        listed.push(file.entry(&write(&new, file, profile.brotli_quality())?));
    }
    if let Some(manifest) = manifest.as_object_mut() {
        manifest.insert("files".to_owned(), listed.into());
    }
    fs::write(new.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
    replace(&site, &new)?;
    stamp::write(&done, &digest)?;
    Ok(site)
}

/// Writes the file, and beside it what it compresses to where that pays; gives back the encodings that did.
fn write(site: &Path, file: &SiteFile, quality: i32) -> Result<Vec<&'static str>> {
    let path = site.join(file.path.trim_start_matches('/'));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    fs::write(&path, &file.content).with_context(|| format!("cannot write {}", path.display()))?;
    let candidates = [
        ("br", BROTLI_SUFFIX, compress::brotli(&file.content, quality)?),
        ("gzip", ".gz", compress::gzip(&file.content)?),
    ];
    let mut encodings = Vec::new();
    for (name, suffix, compressed) in candidates {
        if compress::pays(&file.content, &compressed) {
            fs::write(with_suffix(&path, suffix), compressed)?;
            encodings.push(name);
        }
    }
    Ok(encodings)
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The manifest holds a digest of every file: where it is the same, the sites are.
fn replace(site: &Path, new: &Path) -> Result<()> {
    let manifest = |site: &Path| fs::read(site.join(MANIFEST)).ok();
    if manifest(site).is_some() && manifest(site) == manifest(new) {
        return Ok(fs::remove_dir_all(new)?);
    }
    if site.exists() {
        fs::remove_dir_all(site).with_context(|| format!("cannot remove {}", site.display()))?;
    }
    fs::rename(new, site).with_context(|| format!("cannot put {} in place", site.display()))
}

/// The widget's loader under a name with the version in it, for hosts that do not want it to change under them.
fn versioned_loader(files: &[SiteFile]) -> Result<Option<SiteFile>> {
    let name = concat!("embed/strongroom-", env!("CARGO_PKG_VERSION"), ".js");
    let loader = files.iter().find(|file| file.path == LOADER);
    loader
        .map(|loader| SiteFile::named(name, loader.content.clone()))
        .transpose()
}

#[cfg(test)]
mod tests;
