//! What a vault needs to know before it opens.

use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::keys::RootKeySource;

/// Settings of a vault. [`Config::new`] gives the defaults.
#[derive(Debug)]
pub struct Config {
    /// Where the lock, and by default the database and root key, live; made with mode 0700.
    pub data_dir: PathBuf,
    /// The SQLite file.
    pub database: PathBuf,
    /// Where the root key is kept.
    pub root_key: RootKeySource,
    /// What a record of use survives.
    pub record_durability: Durability,
    /// Who may make an account.
    pub signup: SignupPolicy,
    /// How much there may be.
    pub limits: Limits,
    /// Where the time is read.
    pub clock: Clock,
}

/// What a commit survives once it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process, however sudden: the system has the bytes (`synchronous=NORMAL`).
    Process,
    /// Loss of power: the disk has them (`synchronous=FULL`).
    Power,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignupPolicy {
    /// The first account, with the setup code that the server prints; nobody after that.
    First,
    /// Anybody.
    Open,
    /// Nobody; the operator adds accounts.
    Closed,
}

/// How much there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Secrets an account.
    pub secrets_per_user: u32,
    /// Earlier values that are kept of each secret.
    pub kept_versions: u32,
    /// Days that records are kept.
    pub record_days: u32,
}

impl Config {
    /// Everything below one folder, with the defaults of the documentation.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        Self {
            database: default_database(&data_dir),
            root_key: RootKeySource::File(default_root_key(&data_dir)),
            data_dir,
            record_durability: Durability::Process,
            signup: SignupPolicy::First,
            limits: Limits {
                secrets_per_user: 200,
                kept_versions: 10,
                record_days: 400,
            },
            clock: Clock::system(),
        }
    }
}

/// The database's place unless set otherwise.
pub fn default_database(data_dir: &Path) -> PathBuf {
    data_dir.join("strongroom.db")
}

/// The root key's place unless set otherwise.
pub fn default_root_key(data_dir: &Path) -> PathBuf {
    data_dir.join("root.key")
}
