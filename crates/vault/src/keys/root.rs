//! The root key: 32 random bytes outside the database. Without it the database is worth nothing, to a thief and to its owner.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::hazmat::{Cipher, Key, NoRandom};
use crate::files::with_suffix;

/// Where the root key is kept.
pub enum RootKeySource {
    /// 64 hex digits in a file; made on the first run.
    File(PathBuf),
    /// 64 hex digits, handed in by whoever starts the server; never made here.
    Hex(Zeroizing<String>),
}

impl std::fmt::Debug for RootKeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Hex(_) => f.write_str("Hex(••••••••)"),
        }
    }
}

/// Why there is no usable root key.
#[derive(Debug, thiserror::Error)]
pub enum RootKeyError {
    /// Not 64 hex digits.
    #[error("{origin} does not hold a root key: it must be exactly 64 hexadecimal digits")]
    Malformed {
        /// The file or setting, never its content.
        origin: String,
    },
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no key file.
    #[error("{0} does not exist")]
    Missing(PathBuf),
    /// The operating system gave no random bytes.
    #[error("the machine gave no random numbers to make a root key from")]
    NoRandom,
}

/// The root key. Never used itself: one key is derived from it for each purpose.
pub(crate) struct RootKey(Key);

impl RootKey {
    pub(crate) fn make() -> Result<Self, NoRandom> {
        Key::make_random().map(Self)
    }

    /// What wraps the keyring.
    pub(super) fn keyring_cipher(&self) -> Cipher {
        self.0.derive("strongroom/v1/keyring").cipher()
    }

    /// What wraps the instance key.
    pub(super) fn instance_cipher(&self) -> Cipher {
        self.0.derive("strongroom/v1/instance").cipher()
    }

    /// How people tell root keys apart: 64 bits that say nothing about the key, in four groups.
    pub(crate) fn fingerprint(&self) -> String {
        let digits = hex::encode(self.0.derive("strongroom/v1/fingerprint").expose());
        let groups: Vec<&str> = (0..4)
            .filter_map(|group| digits.get(group * 4..group * 4 + 4))
            .collect();
        groups.join("-")
    }

    /// As it stands in its file. For that file, and for a page that is printed.
    pub(super) fn digits(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.expose()))
    }

    /// Blanks and line ends are left out: a key that was typed from paper has them.
    fn parse(text: &str, origin: &str) -> Result<Self, RootKeyError> {
        let mut digits = Zeroizing::new(String::with_capacity(text.len()));
        digits.extend(text.split_whitespace());
        Key::filled(|bytes| hex::decode_to_slice(digits.as_str(), bytes))
            .map(Self)
            .map_err(|_| RootKeyError::Malformed {
                origin: origin.to_owned(),
            })
    }

    fn read(path: &Path) -> Result<Self, RootKeyError> {
        let text = fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => RootKeyError::Missing(path.to_owned()),
                _ => io_error(path, source),
            })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Written whole and safe on disk before anything is encrypted under it; never over an existing file.
    fn write(&self, path: &Path) -> io::Result<()> {
        let beside = with_suffix(path, ".new");
        // Left behind by a start that was killed before it finished; nothing was encrypted under it.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o400)
            .open(&beside)?;
        // Exposed to be stored: this file is the key's one home.
        writeln!(file, "{}", self.digits().as_str())?;
        file.sync_all()?;
        fs::hard_link(&beside, path)?;
        fs::remove_file(&beside)?;
        sync_folder_of(path)
    }
}

/// The root key from its source. A missing file is made only when `may_make`: over an empty database, never over data.
pub(crate) fn load_or_make(source: &RootKeySource, may_make: bool) -> Result<RootKey, RootKeyError> {
    let path = match source {
        RootKeySource::Hex(text) => return RootKey::parse(text, "STRONGROOM_ROOT_KEY"),
        RootKeySource::File(path) => path,
    };
    match RootKey::read(path) {
        Err(RootKeyError::Missing(_)) if may_make => {
            let key = RootKey::make().map_err(|_| RootKeyError::NoRandom)?;
            key.write(path).map_err(|source| io_error(path, source))?;
            Ok(key)
        }
        other => other,
    }
}

/// The root key of a database that exists, from its source. Where a replacement of the key in its file was cut off, that is
/// brought to its end: the database says which of the two it is under.
pub(crate) fn load_for(source: &RootKeySource, fingerprint: &str) -> Result<RootKey, RootKeyError> {
    let found = load_or_make(source, false);
    let RootKeySource::File(path) = source else {
        return found;
    };
    let fits = |key: &RootKey| key.fingerprint() == fingerprint;
    if found.as_ref().is_ok_and(fits) {
        return found;
    }
    let Ok(next) = RootKey::read(&next_to(path)) else {
        return found;
    };
    if !fits(&next) {
        return found;
    }
    // It may be a place that nothing can be renamed into. The key is there, and that is what counts.
    if let Err(error) = finish_replacing(path) {
        tracing::warn!(%error, path = %next_to(path).display(), "the root key in force lies beside its place; keep that file");
    }
    Ok(next)
}

impl RootKey {
    /// Writes the key that is to take the place of the one in the file at `path`, beside it. What lies there already was
    /// never used, or [`load_for`] would have put it in place.
    ///
    /// # Errors
    /// [`RootKeyError::Io`]; nothing is changed then.
    pub(crate) fn write_next_to(&self, path: &Path) -> Result<(), RootKeyError> {
        let next = next_to(path);
        match fs::remove_file(&next) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error(&next, error)),
            _ => {}
        }
        self.write(&next).map_err(|error| io_error(&next, error))
    }

    /// The key in a file.
    ///
    /// # Errors
    /// As [`RootKeySource::File`].
    pub(crate) fn in_file(path: &Path) -> Result<Self, RootKeyError> {
        Self::read(path)
    }
}

/// Keeps the key at `path` beside it too, under its fingerprint: backups that were made under it need it. A file that is
/// mounted by itself, or is somebody else's, refuses this as it would refuse to be replaced.
pub(crate) fn keep_beside(path: &Path, key: &RootKey) -> io::Result<PathBuf> {
    let kept = with_suffix(path, &format!(".{}", key.fingerprint()));
    match fs::hard_link(path, &kept) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(kept),
    }
}

/// Puts the next key in the place of the one at `path`, which is kept.
pub(crate) fn finish_replacing(path: &Path) -> io::Result<Option<PathBuf>> {
    let kept = match RootKey::read(path) {
        Ok(old) => Some(keep_beside(path, &old)?),
        Err(_) => None,
    };
    fs::rename(next_to(path), path)?;
    sync_folder_of(path)?;
    Ok(kept)
}

fn next_to(path: &Path) -> PathBuf {
    with_suffix(path, ".next")
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn io_error(path: &Path, source: io::Error) -> RootKeyError {
    RootKeyError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_file_is_made_once_readable_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let source = RootKeySource::File(folder.path().join("root.key"));
        let made = load_or_make(&source, true).unwrap();
        let read = load_or_make(&source, true).unwrap();
        assert_eq!(made.fingerprint(), read.fingerprint());
        let mode = fs::metadata(folder.path().join("root.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o400);
    }

    #[test]
    fn a_missing_key_is_not_made_over_data() {
        let folder = tempfile::tempdir().unwrap();
        let source = RootKeySource::File(folder.path().join("root.key"));
        assert!(matches!(load_or_make(&source, false), Err(RootKeyError::Missing(_))));
    }

    #[test]
    fn anything_but_64_hex_digits_is_refused_without_repeating_it() {
        let source = RootKeySource::Hex(Zeroizing::new("c0ffee".to_owned()));
        let error = load_or_make(&source, true).err().unwrap().to_string();
        assert!(error.contains("64 hexadecimal digits") && !error.contains("c0ffee"));
    }
}
