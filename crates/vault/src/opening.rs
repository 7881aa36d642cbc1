//! Opening a vault: the directory, its lock, the database, the root key and the keyring. A key that does not fit is a
//! refusal, never a reason to make a new one.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use sqlx::SqliteConnection;

use crate::config::{Config, Durability};
use crate::conversations;
use crate::error::Error;
use crate::housekeeping;
use crate::id::InstanceId;
use crate::keys::{InstanceKey, Keyring, RootKey, RootKeyError, RootKeySource, load_for, load_or_make};
use crate::password::Passwords;
use crate::records::Recorder;
use crate::sealed_cache::SealedCache;
use crate::setup_code::SetupCode;
use crate::store::keys::{self, Instance};
use crate::store::{DatabaseError, Found, Store};
use crate::throttle::Throttle;
use crate::upkeep;
use crate::{Inner, Vault};

/// Why a vault does not open. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory cannot be made or used.
    #[error("the data directory {path} cannot be used: {source}")]
    Directory {
        /// The directory or a file in it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody else has it open.
    #[error("another Strongroom holds {0}: the data directory or the database is in use; stop that one first")]
    Locked(PathBuf),
    /// A command is about a database, and there is none.
    #[error(
        "there is no database {path}; give the command the same settings as the server, STRONGROOM_DATA_DIR above all",
        path = .0.display()
    )]
    Absent(PathBuf),
    /// A file that was to hold data holds none.
    #[error("{path} holds no Strongroom data; is it the right file?", path = .0.display())]
    Nothing(PathBuf),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// There is data, and no key for it.
    #[error(
        "the database was made under the root key with the fingerprint {expected}, but {problem}; \
         bring that key back (from a backup, or from where it was kept), nothing was changed"
    )]
    RootKeyMissing {
        /// Of the key that is needed.
        expected: String,
        /// What was found instead.
        problem: RootKeyError,
    },
    /// There is data, and the key is another one.
    #[error(
        "the database was made under the root key with the fingerprint {expected}, but the one given has {found}; \
         start with the right key, nothing was changed"
    )]
    RootKeyWrong {
        /// Of the key that is needed.
        expected: String,
        /// Of the key that was given.
        found: String,
    },
    /// There is no data yet, and no key can be had.
    #[error(transparent)]
    RootKey(#[from] RootKeyError),
    /// The keyring does not open under the right root key: damage or tampering.
    #[error(
        "key term {0} does not open under the root key although the fingerprint fits: restore the database from a backup"
    )]
    Keyring(i64),
    /// The instance key does not open under the right root key: damage or tampering.
    #[error(
        "the instance key does not open under the root key although the fingerprint fits: restore the database from a backup"
    )]
    InstanceKey,
    /// Anything else that a service would say.
    #[error(transparent)]
    Vault(#[from] Error),
}

/// What a command does where there is no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It makes one: the command may be the first thing that is done.
    Make,
    /// It says so: what it is about cannot be there.
    Refuse,
}

impl Vault {
    /// Opens the vault for a server, and makes directory, database and root key where there is none of them yet.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is changed then.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let vault = Self::open_for_command(config, Absent::Make).await?;
        housekeeping::start(&vault.0);
        Ok(vault)
    }

    /// Opens it for one command, without what a server does in the background: nothing gets too old meanwhile. What a kill
    /// has cut off is put right first, as a server would.
    ///
    /// # Errors
    /// [`OpenError`]; nothing is changed then.
    pub async fn open_for_command(config: Config, absent: Absent) -> Result<Self, OpenError> {
        let is_there = config.database.try_exists().unwrap_or(true);
        if absent == Absent::Refuse && !is_there {
            return Err(OpenError::Absent(config.database));
        }
        make_private_dir(&config.data_dir)?;
        let locks = [
            take_lock(config.data_dir.join("lock"))?,
            take_lock(beside(&config.database)?)?,
        ];
        make_private_file(&config.database)?;
        let mut found = Found::open(&config.database).await?;
        // Before the schema is brought up to date: with the wrong key nothing is changed.
        let opened = open_keys(found.connection(), &config).await?;
        if opened.is_none() && absent == Absent::Refuse {
            return Err(OpenError::Nothing(config.database));
        }
        let store = Arc::new(found.bring_up_to_date().await?);
        let Opened {
            keyring,
            key,
            root_fingerprint,
        } = match opened {
            Some(opened) => opened,
            None => make_keys(&store, &config).await?,
        };
        let inner = Arc::new(Inner {
            recorder: Recorder::start(Arc::clone(&store), config.record_durability),
            cache: SealedCache::new()?,
            passwords: Passwords::new(&key)?,
            throttle: Throttle::default(),
            setup_code: SetupCode::make()?,
            signup: config.signup,
            limits: config.limits,
            record_durability: config.record_durability,
            clock: config.clock,
            stopping: AtomicBool::new(false),
            keyring: RwLock::new(Arc::new(keyring)),
            key,
            root_fingerprint: Mutex::new(root_fingerprint),
            root_file: match config.root_key {
                RootKeySource::File(path) => Some(path),
                RootKeySource::Hex(_) => None,
            },
            replacing_keys: tokio::sync::Mutex::new(()),
            found_ready: tokio::sync::Mutex::new(None),
            store,
            _locks: locks,
        });
        conversations::recover(&inner).await?;
        upkeep::begin_digests(&inner).await?;
        upkeep::go_on(&inner).await?;
        Ok(Self(inner))
    }
}

/// What opens under the root key.
struct Opened {
    keyring: Keyring,
    key: InstanceKey,
    root_fingerprint: String,
}

/// `None` for a database that has just been made.
async fn open_keys(db: &mut SqliteConnection, config: &Config) -> Result<Option<Opened>, OpenError> {
    let Some(instance) = keys::instance(db).await? else {
        return Ok(None);
    };
    let root = load_for(&config.root_key, &instance.root_fingerprint).map_err(|problem| OpenError::RootKeyMissing {
        expected: instance.root_fingerprint.clone(),
        problem,
    })?;
    let found = root.fingerprint();
    if found != instance.root_fingerprint {
        return Err(OpenError::RootKeyWrong {
            expected: instance.root_fingerprint,
            found,
        });
    }
    let terms = keys::terms(db).await?;
    let keyring = Keyring::open(&root, instance.id, &terms).map_err(OpenError::Keyring)?;
    let key = InstanceKey::open(&root, instance.id, &instance.key).ok_or(OpenError::InstanceKey)?;
    Ok(Some(Opened {
        keyring,
        key,
        root_fingerprint: found,
    }))
}

async fn make_keys(store: &Store, config: &Config) -> Result<Opened, OpenError> {
    let root: RootKey = load_or_make(&config.root_key, true)?;
    let id = InstanceId::make();
    let (key, stored_key) = InstanceKey::make(&root, id).map_err(|_| Error::NoRandom)?;
    let (keyring, term) = Keyring::make(&root, id).map_err(|_| Error::NoRandom)?;
    let instance = Instance {
        id,
        root_fingerprint: root.fingerprint(),
        key: stored_key,
    };
    let now = config.clock.now();
    let mut transaction = store.write(Durability::Power).await?;
    keys::insert_instance(transaction.connection()?, &instance, now).await?;
    keys::insert_term(transaction.connection()?, &term, now).await?;
    transaction.commit().await?;
    if let RootKeySource::File(path) = &config.root_key {
        tracing::info!(path = %path.display(), fingerprint = instance.root_fingerprint, "a root key was made; keep a copy of it elsewhere");
    }
    Ok(Opened {
        keyring,
        key,
        root_fingerprint: instance.root_fingerprint,
    })
}

/// For the owner alone, if it has to be made.
pub(crate) fn make_private_dir(path: &Path) -> Result<(), OpenError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| OpenError::Directory {
            path: path.to_owned(),
            source,
        })
}

/// SQLite gives its log the mode of the database: for the owner alone, wherever it lies.
fn make_private_file(path: &Path) -> Result<(), OpenError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => Err(OpenError::Directory {
            path: path.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

/// Where the database's own lock lies. Not in the database: SQLite's locks on it would be lost with ours.
pub(crate) fn beside(database: &Path) -> Result<PathBuf, OpenError> {
    let folder = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // By its real place: two ways to one database are one database.
    let folder = folder.canonicalize().map_err(|source| OpenError::Directory {
        path: folder.to_owned(),
        source,
    })?;
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    Ok(folder.join(name))
}

pub(crate) fn take_lock(path: PathBuf) -> Result<File, OpenError> {
    let opened = fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path);
    let file = opened.map_err(|source| OpenError::Directory {
        path: path.clone(),
        source,
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(path)),
        Err(TryLockError::Error(source)) => Err(OpenError::Directory { path, source }),
    }
}
