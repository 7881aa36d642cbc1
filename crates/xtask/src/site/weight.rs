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
}

/// Weighs a site that was built.
pub(crate) fn weight(site: &Path) -> Result<Weight> {
    #[derive(Deserialize)]
    struct Manifest {
        first: Vec<String>,
        pieces: BTreeMap<String, Vec<String>>,
    }
    let manifest: Manifest = serde_json::from_slice(&fs::read(site.join(MANIFEST))?)?;
    let weigh = |paths: &[String]| -> Result<u64> {
        paths.iter().try_fold(0, |sum, path| {
            let path = site.join(path.trim_start_matches('/'));
            let file = fs::metadata(with_suffix(&path, BROTLI_SUFFIX)).or_else(|_| fs::metadata(&path))?;
            Ok(sum + file.len())
        })
    };
    Ok(Weight {
        first: weigh(&manifest.first)?,
        pieces: manifest
            .pieces
            .into_iter()
            .map(|(piece, paths)| Ok((piece, weigh(&paths)?)))
            .collect::<Result<_>>()?,
    })
}
