//! Keys, encryption, storage, and the services that use them: the only crate that sees a value at rest.
//!
//! A [`Vault`] is opened over a data directory and hands out services: [`Accounts`], [`Secrets`], [`Tokens`],
//! [`Sandboxes`], [`Activity`], [`Operator`]. Each call takes the [`Actor`] that asks, which only the authenticating calls
//! can make. Values go in through [`Secrets`]; they come out through one function, [`Sandboxes::environment`], which takes a
//! [`SandboxSession`] as proof and records the use first.

mod accounts;
mod activity;
mod actor;
mod clock;
mod config;
mod conversations;
mod environment;
mod error;
mod files;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod housekeeping;
mod id;
mod keys;
mod labels;
mod opening;
mod operator;
mod password;
mod platforms;
mod records;
mod requests;
mod sandboxes;
mod sealed_cache;
mod sealing;
mod secrets;
mod setup_code;
mod store;
mod throttle;
mod token;
mod tokens;
mod unsealing;
mod upkeep;
mod writing_as;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

pub use accounts::{Accounts, NewSession, SignupState};
pub use activity::{Activity, ActivityFilter};
pub use actor::{Actor, Origin, Role};
pub use clock::Clock;
pub use config::{Config, Durability, Limits, SignupPolicy, default_database, default_root_key};
pub use conversations::{Conversation, Conversations, Turn};
pub use environment::{EnvBody, EnvRequest, SandboxSession};
pub use error::{AuthFailure, Error, Result};
pub use id::UserId;
pub use keys::{RecoveryKit, RootKeyError, RootKeySource, recovery_kit};
pub use opening::{Absent, OpenError};
pub use operator::Operator;
pub use platforms::{NewPlatform, PlatformCaller, PlatformKey, Platforms};
pub use requests::{Answer, Answered, FieldSession, OpenedField, RequestPage, Requests};
pub use sandboxes::{OpenSandbox, OpenedSandbox, Sandboxes};
pub use secrets::{BatchOutcome, NewSecret, Replacing, SecretChange, Secrets};
pub use store::DatabaseError;
pub use token::PlainToken;
pub use tokens::{CreatedToken, NewToken, Tokens};
pub use upkeep::{
    Backup, Examined, Finding, KeyStatus, NewRoot, RestoreError, Restored, RestoredToken, TermStatus, Upkeep,
    UpkeepError,
};

use keys::{InstanceKey, Keyring};
use password::Passwords;
use records::Recorder;
use sealed_cache::SealedCache;
use setup_code::SetupCode;
use store::Store;
use throttle::Throttle;

/// How long it stands that the database can be read and written.
const READY_FOR: Duration = Duration::from_millis(500);

/// An open vault. Clones share it.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    keyring: RwLock<Arc<Keyring>>,
    key: InstanceKey,
    recorder: Recorder,
    cache: SealedCache,
    passwords: Passwords,
    throttle: Throttle,
    setup_code: SetupCode,
    root_fingerprint: Mutex<String>,
    /// Where the root key is kept; `None` where it was handed in.
    root_file: Option<PathBuf>,
    /// Held while keys are being replaced: one at a time.
    replacing_keys: tokio::sync::Mutex<()>,
    /// When all was last found ready.
    found_ready: tokio::sync::Mutex<Option<Instant>>,
    signup: SignupPolicy,
    limits: Limits,
    record_durability: Durability,
    clock: Clock,
    stopping: AtomicBool,
    /// Held as long as the vault is open: two servers over one directory or database would not see each
    /// other's changes.
    _locks: [std::fs::File; 2],
}

impl Inner {
    /// The keys of keys, as they are now.
    fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.keyring.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn root_fingerprint(&self) -> String {
        self.root_fingerprint
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Vault {
    /// The fingerprint of the root key in use.
    pub fn root_fingerprint(&self) -> String {
        self.0.root_fingerprint()
    }

    /// The code that the first account needs; `None` once there is one, or under another policy than `first`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setup_code(&self) -> Result<Option<String>> {
        let needed = self.accounts().signup_state().await? == SignupState::SetupCodeNeeded;
        Ok(needed.then(|| self.0.setup_code.shown()))
    }

    /// Whether the database can be read, and its writer is free to write. After a write that did not succeed, something is
    /// written, since what a disk says shows at a real write only.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check_ready(&self) -> Result<()> {
        // Anybody may ask: all who do at once share one look, so that they hold no place in the writer's queue each.
        let mut found = self.0.found_ready.lock().await;
        if found.is_some_and(|at| at.elapsed() < READY_FOR) {
            return Ok(());
        }
        *found = None;
        self.look_whether_ready().await?;
        *found = Some(Instant::now());
        Ok(())
    }

    async fn look_whether_ready(&self) -> Result<()> {
        let mut reader = self.0.store.read().await?;
        store::keys::instance(&mut reader).await?;
        let mut write = self.0.store.write(self.0.record_durability).await?;
        if write.follows_uncommitted() {
            write.write_a_page().await?;
        }
        write.commit().await
    }

    /// Wakes everyone who waits for a secret; they are answered at once with what there is.
    pub fn begin_shutdown(&self) {
        self.0.stopping.store(true, Ordering::Release);
        self.0.store.generations().wake_all();
    }

    /// Empties the log into the database file and closes it. Calls after this fail.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    /// Signing up, in and out.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts(&self.0)
    }

    /// Storing and managing secrets.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets(&self.0)
    }

    /// API tokens.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(&self.0)
    }

    /// Sandbox sessions and their environments.
    pub fn sandboxes(&self) -> Sandboxes<'_> {
        Sandboxes(&self.0)
    }

    /// What agents ask for.
    pub fn requests(&self) -> Requests<'_> {
        Requests(&self.0)
    }

    /// Agent products that keep their users' secrets here.
    pub fn platforms(&self) -> Platforms<'_> {
        Platforms(&self.0)
    }

    /// Chats with an agent.
    pub fn conversations(&self) -> Conversations<'_> {
        Conversations(&self.0)
    }

    /// What was done.
    pub fn activity(&self) -> Activity<'_> {
        Activity(&self.0)
    }

    /// Keys, backups and checks.
    pub fn upkeep(&self) -> Upkeep<'_> {
        Upkeep(&self.0)
    }

    /// What only whoever runs the server may do.
    pub fn operator(&self) -> Operator<'_> {
        Operator(&self.0)
    }
}
