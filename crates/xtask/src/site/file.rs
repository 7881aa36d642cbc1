//! One file of the site: the path it is asked for by, its type, and its entry in the manifest.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::stamp;

/// 32 bits in a name: enough to tell one build's files from another's.
pub(super) const NAME_DIGITS: usize = 8;
/// 64 bits in an entity tag, which has nothing else to go by.
const DIGEST_DIGITS: usize = 16;

/// A file before it is compressed and written.
pub(super) struct SiteFile {
    /// The path of its URL, with the slash.
    pub(super) path: String,
    pub(super) content_type: &'static str,
    /// Whether the name changes with the content, so that it may be kept for ever.
    pub(super) hashed: bool,
    pub(super) content: Vec<u8>,
}

impl SiteFile {
    /// A file under `/pkg/` whose name carries a hash of what is in it: `/pkg/strongroom.1a2b3c4d.css`.
    pub(super) fn hashed(extension: &str, content: Vec<u8>) -> Result<Self> {
        let path = format!("/pkg/strongroom.{}.{extension}", stamp::short(&content, NAME_DIGITS));
        Ok(Self {
            content_type: content_type(&path)?,
            path,
            hashed: true,
            content,
        })
    }

    /// A file that others beside it name: the hash, of all of them, is in the folder: `/pkg/1a2b3c4d/strongroom.js`.
    pub(super) fn in_hashed_folder(folder: &str, name: &str, content: Vec<u8>) -> Result<Self> {
        let path = format!("/pkg/{folder}/{name}");
        Ok(Self {
            content_type: content_type(&path)?,
            path,
            hashed: true,
            content,
        })
    }

    /// A file whose name stays, by its path in the site.
    pub(super) fn named(relative: &str, content: Vec<u8>) -> Result<Self> {
        let path = format!("/{relative}");
        Ok(Self {
            content_type: content_type(&path)?,
            path,
            hashed: false,
            content,
        })
    }

    /// Every file below a folder, under its path there, at `place`; in the order of their paths. Names that start with a dot are
    /// not for visitors.
    pub(super) fn below(folder: &Path, place: &str) -> Result<Vec<Self>> {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(current) = folders.pop() {
            for entry in fs::read_dir(&current).with_context(|| format!("cannot read {}", current.display()))? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name.starts_with('.') {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let relative = Path::new(place).join(path.strip_prefix(folder)?);
                    files.push(Self::named(&relative.to_string_lossy(), fs::read(&path)?)?);
                }
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    /// What the server's build reads; `encodings` are those that were worth writing.
    pub(super) fn entry(&self, encodings: &[&str]) -> Value {
        json!({
            "path": self.path,
            "type": self.content_type,
            "digest": stamp::short(&self.content, DIGEST_DIGITS),
            "hashed": self.hashed,
            "encodings": encodings,
        })
    }
}

/// Answers carry `nosniff`: a file of the wrong type is not used, so an unknown one is an error here.
fn content_type(path: &str) -> Result<&'static str> {
    Ok(
        match Path::new(path)
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default()
        {
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "ico" => "image/x-icon",
            "js" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "png" => "image/png",
            "svg" => "image/svg+xml",
            "ts" => "text/plain; charset=utf-8",
            "txt" => "text/plain; charset=utf-8",
            "wasm" => "application/wasm",
            "webmanifest" => "application/manifest+json",
            "webp" => "image/webp",
            "woff2" => "font/woff2",
            _ => bail!("{path}: files of this kind have no content type yet; add it to xtask's `site/file.rs`"),
        },
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_hashed_name_follows_the_content() {
        let first = SiteFile::hashed("css", b"a{}".to_vec()).unwrap();
        let second = SiteFile::hashed("css", b"b{}".to_vec()).unwrap();
        assert_ne!(first.path, second.path);
        assert!(first.path.starts_with("/pkg/strongroom.") && first.path.ends_with(".css"));
        assert!(first.hashed);
    }

    #[test]
    fn the_manifest_says_all_that_the_server_needs() {
        let file = SiteFile::named("favicon.svg", b"".to_vec()).unwrap();
        let expected = json!({
            "path": "/favicon.svg",
            "type": "image/svg+xml",
            "digest": "e3b0c44298fc1c14",
            "hashed": false,
            "encodings": ["gzip"],
        });
        assert_eq!(file.entry(&["gzip"]), expected);
    }

    #[test]
    fn a_kind_of_file_that_is_not_known_is_refused_by_name() {
        let error = SiteFile::named("fonts/mono.ttf", Vec::new()).err().unwrap().to_string();
        assert!(error.contains("fonts/mono.ttf"), "{error}");
    }
}
