//! The client's files, as the site serves them.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result};

use super::{
    browser::Bound,
    file::{NAME_DIGITS, SiteFile},
};
use crate::stamp;

/// The client: its files, in a folder whose name changes with any of them.
pub(super) struct Client {
    folder: String,
    pub(super) files: Vec<SiteFile>,
    /// The files that each piece needs beside the first, by their paths.
    pub(super) pieces: BTreeMap<String, Vec<String>>,
}

impl Client {
    /// Reads what was bound.
    pub(super) fn read(bound: &Bound) -> Result<Self> {
        let mut contents = BTreeMap::new();
        for entry in fs::read_dir(&bound.folder).with_context(|| format!("cannot read {}", bound.folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.ends_with(".js") || name.ends_with(".wasm") {
                contents.insert(name, fs::read(&path)?);
            }
        }
        let mut all = stamp::Inputs::of_nothing();
        for (name, content) in &contents {
            all.add(name, content);
        }
        let folder: String = all.digest().chars().take(NAME_DIGITS).collect();
        let pieces: BTreeMap<String, Vec<String>> =
            serde_json::from_slice(&fs::read(bound.folder.join(Bound::PIECES))?)?;
        let pieces = pieces
            .into_iter()
            .map(|(piece, files)| {
                let paths = files.iter().map(|file| format!("/pkg/{folder}/{file}.wasm"));
                (piece, paths.collect())
            })
            .collect();
        let files = contents
            .into_iter()
            .map(|(name, content)| SiteFile::in_hashed_folder(&folder, &name, content))
            .collect::<Result<_>>()?;
        Ok(Self { folder, files, pieces })
    }

    /// The path that a file of it is asked for by.
    pub(super) fn path(&self, name: &str) -> String {
        format!("/pkg/{}/{name}", self.folder)
    }
}
