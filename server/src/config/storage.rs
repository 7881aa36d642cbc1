//! Where things are kept, and the key over them.

use std::fmt;
use std::path::{Path, PathBuf};

use vault::Durability;
use zeroize::Zeroizing;

use super::variable::{ConfigError, Environment};

/// Where the root key comes from.
#[derive(Clone)]
pub enum RootKey {
    /// A file of 64 hex digits; made on the first run.
    File(PathBuf),
    /// The 64 hex digits themselves.
    Hex(Zeroizing<String>),
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Hex(_) => f.write_str("Hex(…)"),
        }
    }
}

pub(super) fn data_dir(environment: &Environment<'_>) -> Result<PathBuf, ConfigError> {
    Ok(environment
        .os("STRONGROOM_DATA_DIR")?
        .map_or_else(|| PathBuf::from("./data"), PathBuf::from))
}

/// `sqlite:PATH`, also with the two slashes that other programs write.
pub(super) fn database(environment: &Environment<'_>, data_dir: &Path) -> Result<PathBuf, ConfigError> {
    const NAME: &str = "STRONGROOM_DATABASE_URL";
    let Some(url) = environment.text(NAME)? else {
        return Ok(data_dir.join("strongroom.db"));
    };
    let path = url
        .strip_prefix("sqlite:")
        .map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    match path {
        // The URL is not repeated: those of other engines hold a password.
        None => Err(ConfigError::new(
            NAME,
            "is not an sqlite URL, and no other database is known",
            "sqlite:/var/lib/strongroom/strongroom.db",
        )),
        Some(path) if path.is_empty() || path.starts_with(":memory:") || path.contains('?') => Err(ConfigError::new(
            NAME,
            "names no file: it is `sqlite:` and a path, without parameters",
            "sqlite:/var/lib/strongroom/strongroom.db",
        )),
        Some(path) => Ok(PathBuf::from(path)),
    }
}

/// A secret setting is a value or a file; both at once leave open which one is meant.
pub(super) fn root_key(environment: &Environment<'_>, data_dir: &Path) -> Result<RootKey, ConfigError> {
    let file = environment.os("STRONGROOM_ROOT_KEY_FILE")?;
    let digits = environment.text("STRONGROOM_ROOT_KEY")?.map(Zeroizing::new);
    match (file, digits) {
        (Some(_), Some(_)) => Err(ConfigError::bare(
            "STRONGROOM_ROOT_KEY",
            "and STRONGROOM_ROOT_KEY_FILE are both set, so it is not clear which key is meant. Unset one of them",
        )),
        (Some(path), None) => Ok(RootKey::File(path.into())),
        (None, Some(digits)) if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Ok(RootKey::Hex(digits))
        }
        (None, Some(_)) => Err(ConfigError::bare(
            "STRONGROOM_ROOT_KEY",
            "is not 64 hex digits (32 bytes). `openssl rand -hex 32` makes one",
        )),
        (None, None) => Ok(RootKey::File(data_dir.join("root.key"))),
    }
}

pub(super) fn durability(environment: &Environment<'_>) -> Result<Durability, ConfigError> {
    const NAME: &str = "STRONGROOM_RECORD_DURABILITY";
    match environment.text(NAME)?.as_deref() {
        None | Some("process") => Ok(Durability::Process),
        Some("power") => Ok(Durability::Power),
        Some(other) => Err(ConfigError::new(
            NAME,
            format!("is `{other}`: neither process nor power"),
            "process",
        )),
    }
}
