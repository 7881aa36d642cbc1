//! The file that `login` writes: `$XDG_CONFIG_HOME/strongroom/config.toml`.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Longer than any login; a wrong file is not read to its end.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// What a login is: a server and the API token for it. No `Debug`, since it holds the token.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredLogin {
    pub(crate) url: String,
    pub(crate) token: String,
}

/// Where a login is kept. The file is the user's alone (0600, in a directory 0700).
pub(crate) struct LoginFile {
    directory: PathBuf,
    path: PathBuf,
}

impl LoginFile {
    /// The file below the directory of the user's configuration.
    pub(crate) fn in_config_home(base: PathBuf) -> Self {
        let directory = base.join("strongroom");
        let path = directory.join("config.toml");
        Self { directory, path }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the login; `None` if there is none.
    ///
    /// A file that others can read is refused, as ssh does with keys: its token may be known already.
    pub(crate) fn read(&self) -> Result<Option<StoredLogin>, Failure> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(error) => return Err(self.failure("cannot be read", &error)),
        };
        let mode = file
            .metadata()
            .map_err(|error| self.failure("cannot be read", &error))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            let path = self.path.display();
            return Err(Failure::new(format!(
                "{path} can be read by others (mode {:03o}): run `chmod 600 {path}`, and make a new token if others use this machine",
                mode & 0o777,
            )));
        }
        let mut text = String::new();
        file.take(MAX_FILE_BYTES)
            .read_to_string(&mut text)
            .map_err(|error| self.failure("cannot be read", &error))?;
        // The parser's own explanation quotes the line, and one of the two lines is the token.
        toml::from_str(&text).map(Some).map_err(|_| {
            Failure::new(format!(
                "{} does not hold a login (url and token): run `strongroom login` again",
                self.path.display()
            ))
        })
    }

    /// Writes the login in one step: whoever reads meanwhile, or a crash, finds the old file or the new one.
    pub(crate) fn write(&self, login: &StoredLogin) -> Result<(), Failure> {
        let text = toml::to_string(login).map_err(|_| Failure::new("the login cannot be written as TOML"))?;
        self.replace(text.as_bytes())
            .map_err(|error| self.failure("cannot be written", &error))
    }

    /// Removes the login; says whether there was one.
    pub(crate) fn remove(&self) -> Result<bool, Failure> {
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(true),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
            Err(error) => Err(self.failure("cannot be removed", &error)),
        }
    }

    fn replace(&self, content: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.directory)?;
        // It may have been there before, made by somebody with another umask.
        fs::set_permissions(&self.directory, Permissions::from_mode(0o700))?;
        let next = self.directory.join(format!(".config.toml.{}", std::process::id()));
        let written = write_private(&next, content).and_then(|()| fs::rename(&next, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&next);
        }
        written?;
        File::open(&self.directory)?.sync_all()
    }

    fn failure(&self, what: &str, error: &io::Error) -> Failure {
        Failure::new(format!("{} {what}: {error}", self.path.display()))
    }
}

/// Writes a new file that was never readable to others, and brings it to the disk.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    fn login() -> StoredLogin {
        StoredLogin {
            url: "https://vault.example".into(),
            token: "sr_pat_secret".into(),
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_login_is_the_users_alone_and_comes_back() {
        let home = tempfile::tempdir().unwrap();
        let file = LoginFile::in_config_home(home.path().join("deep/er"));
        file.write(&login()).unwrap();
        file.write(&login()).unwrap();
        assert_eq!(mode(file.path()), 0o600);
        assert_eq!(mode(file.path().parent().unwrap()), 0o700);
        assert_eq!(file.read().unwrap().unwrap().token, "sr_pat_secret");
        let left = fs::read_dir(file.path().parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "nothing temporary stays");
    }

    #[test]
    fn no_login_is_no_failure() {
        let home = tempfile::tempdir().unwrap();
        let file = LoginFile::in_config_home(home.path().to_owned());
        assert!(file.read().unwrap().is_none());
        assert!(!file.remove().unwrap());
        file.write(&login()).unwrap();
        assert!(file.remove().unwrap());
        assert!(file.read().unwrap().is_none());
    }

    #[test]
    fn a_login_that_others_can_read_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let file = LoginFile::in_config_home(home.path().to_owned());
        file.write(&login()).unwrap();
        fs::set_permissions(file.path(), Permissions::from_mode(0o644)).unwrap();
        let failure = file.read().err().unwrap();
        assert!(failure.message().contains("chmod 600"));
    }

    #[test]
    fn a_damaged_login_is_refused_without_repeating_it() {
        let home = tempfile::tempdir().unwrap();
        let file = LoginFile::in_config_home(home.path().to_owned());
        file.write(&login()).unwrap();
        for text in [
            "token = sr_pat_secret",
            "url = 1\ntoken = \"sr_pat_secret\"",
            "token = \"sr_pat_secret\"",
        ] {
            fs::write(file.path(), text).unwrap();
            let failure = file.read().err().unwrap();
            assert!(failure.message().contains("strongroom login"), "{text}");
            assert!(!failure.message().contains("sr_pat_secret"), "{text}");
        }
    }
}
