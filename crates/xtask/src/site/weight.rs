//! What a browser loads, in bytes.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use serde::Deserialize;

use super::bundle::{BROTLI_SUFFIX, MANIFEST, with_suffix};

/// What pages load, brotli, in bytes.
pub(crate) struct Weight {
    /// JavaScript and WASM of every page; all there is to the Secrets page.
    pub(crate) first: u64,
    /// WASM that other pages and dialogs load beside it, by the name of the piece.
    pub(crate) pieces: BTreeMap<String, u64>,
    /// The widget in other people's pages: the script that it needs to be used.
    pub(crate) widget: u64,
    /// All of the widget's files.
    pub(crate) widget_whole: u64,
}

/// What the widget may weigh, brotli, in bytes: it is a guest in somebody else's page.
pub(crate) const WIDGET: u64 = 10 * 1024;
pub(crate) const WIDGET_WHOLE: u64 = 40 * 1024;

/// What a page with the widget loads before somebody can type. The rest comes with the first focus.
const NEEDED: [&str; 4] = [
    "/embed/strongroom.js",
    "/embed/field.js",
    "/embed/frame/form.js",
    "/embed/frame/card.js",
];
const NEEDED_STYLE: [&str; 2] = ["/embed/field.css", "/embed/frame/form.css"];
const LATER: [&str; 3] = [
    "/embed/frame/doctor.js",
    "/embed/frame/examiner.js",
    "/embed/frame/examiner.wasm",
];

/// Weighs a site that was built.
pub(crate) fn weight(site: &Path) -> Result<Weight> {
    #[derive(Deserialize)]
    struct Manifest {
        first: Vec<String>,
        pieces: BTreeMap<String, Vec<String>>,
    }
    let manifest: Manifest = serde_json::from_slice(&fs::read(site.join(MANIFEST))?)?;
    fn weigh(site: &Path, paths: &[impl AsRef<str>]) -> Result<u64> {
        paths.iter().try_fold(0, |sum, path| {
            let path = site.join(path.as_ref().trim_start_matches('/'));
            let file = fs::metadata(with_suffix(&path, BROTLI_SUFFIX)).or_else(|_| fs::metadata(&path))?;
            Ok(sum + file.len())
        })
    }
    let widget = weigh(site, &NEEDED)?;
    Ok(Weight {
        first: weigh(site, &manifest.first)?,
        pieces: manifest
            .pieces
            .into_iter()
            .map(|(piece, paths)| Ok((piece, weigh(site, &paths)?)))
            .collect::<Result<_>>()?,
        widget,
        widget_whole: widget + weigh(site, &NEEDED_STYLE)? + weigh(site, &LATER)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::{profile::Profile, site::compress, workspace::Workspace};

    #[test]
    fn the_widget_can_be_used_after_ten_kilobytes_of_script() {
        let public = Workspace::find().unwrap().root.join("public");
        let sizes = NEEDED.map(|path| {
            let script = fs::read(public.join(path.trim_start_matches('/'))).unwrap();
            let compressed = compress::brotli(&script, Profile::Release.brotli_quality()).unwrap();
            u64::try_from(compressed.len()).unwrap()
        });
        let sum: u64 = sizes.iter().sum();
        assert!(sum <= WIDGET, "{sum} bytes: {sizes:?}");
    }
}
