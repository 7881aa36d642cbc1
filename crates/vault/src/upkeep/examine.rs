//! Looking whether all is well: every row is opened, every mark checked, and what surrounds the database looked at.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{AT_ONCE, Upkeep, UpkeepError};
use crate::Inner;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::store::Store;
use crate::store::checking::{self, TokenTable};
use crate::store::{accounts, conversations, digests, keys, platforms, requests, sandboxes, secrets, sessions, tokens};

/// Findings that are told; of more, only how many.
const MOST_TOLD: usize = 50;
/// A database needs room to be written anew beside itself, and some to grow.
const LEAST_FREE: u64 = 64 * 1024 * 1024;
/// A clock may be set back by so much without anybody noticing.
const CLOCK_SLACK_MS: i64 = 60_000;

/// What was found.
#[derive(Debug, Default)]
pub struct Examined {
    /// In the order of looking.
    pub findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug)]
pub struct Finding {
    /// Whether it is as it should be.
    pub well: bool,
    /// In words: what, and if it is not well, what to do.
    pub words: String,
}

impl Examined {
    /// Whether everything is as it should be.
    pub fn is_well(&self) -> bool {
        self.findings.iter().all(|finding| finding.well)
    }

    fn well(&mut self, words: impl Into<String>) {
        self.findings.push(Finding {
            well: true,
            words: words.into(),
        });
    }

    fn wrong(&mut self, words: impl Into<String>) {
        self.findings.push(Finding {
            well: false,
            words: words.into(),
        });
    }
}

/// What was opened, and what did not open.
#[derive(Default)]
struct Opened {
    accounts: usize,
    values: usize,
    chats: usize,
    marks: usize,
    broken: Vec<String>,
    /// Accounts whose values are not those that were last written.
    changed: Vec<UserId>,
}

impl Opened {
    /// Counts what is whole, and keeps what is damaged; anything else ends the examination.
    fn take<T>(&mut self, counted: fn(&mut Self) -> &mut usize, outcome: Result<T>) -> Result<Option<T>> {
        match outcome {
            Ok(found) => {
                *counted(self) += 1;
                Ok(Some(found))
            }
            Err(Error::Corrupt { table, column, id }) => {
                self.broken.push(format!("{table}.{column} of {id}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl Upkeep<'_> {
    /// Looks at everything. Values are opened and thrown away.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub async fn examine(&self) -> std::result::Result<Examined, UpkeepError> {
        let vault = self.0;
        let mut examined = Examined::default();
        let damage = Store::damage_of(vault.store.path()).await;
        let damage = damage.unwrap_or_else(|error| vec![cause(&error)]);
        if damage.is_empty() {
            examined.well("the database file is whole");
        } else {
            for line in damage {
                examined.wrong(format!("the database file is damaged: {line}; restore a backup"));
            }
        }
        match vault.open_everything().await {
            Ok(everything) => examined.findings.extend(opened(&everything)),
            Err(error) => examined.wrong(format!("not everything could be opened: {}", cause(&error))),
        }
        vault.look_around(&mut examined);
        let newest = checking::newest_record(&mut *vault.store.read().await?).await?;
        let now = vault.clock.now();
        match newest {
            Some(newest) if newest.0 > now.0 + CLOCK_SLACK_MS => examined.wrong(format!(
                "the clock is behind: a record was written {} seconds from now; set the clock, or sessions live too long",
                (newest.0 - now.0) / 1000
            )),
            _ => examined.well("the clock is not behind the records"),
        }
        Ok(examined)
    }
}

/// What the database itself said, where it said anything.
fn cause(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

fn opened(opened: &Opened) -> Vec<Finding> {
    let mut told = Examined::default();
    let broken = opened
        .broken
        .iter()
        .map(|row| format!("damaged, or written by somebody else: {row}; restore a backup, or store it anew"));
    let changed = opened.changed.iter().map(|user| {
        format!(
            "the values of account {user} are not those that were last written: somebody put rows back or removed some in \
             the database file; restore a backup, or, if they are right as they are: strongroom-server doctor --accept {user}"
        )
    });
    broken
        .chain(changed)
        .take(MOST_TOLD)
        .for_each(|words| told.wrong(words));
    let all = opened.broken.len() + opened.changed.len();
    if all == 0 {
        told.well(format!(
            "everything opens: {} accounts, {} values, {} pieces of chats, {} marked rows",
            opened.accounts, opened.values, opened.chats, opened.marks
        ));
    }
    if let Some(more @ 1..) = all.checked_sub(MOST_TOLD) {
        told.wrong(format!("and {more} more"));
    }
    told.findings
}

impl Inner {
    async fn open_everything(&self) -> Result<Opened> {
        let mut opened = Opened::default();
        let mut last = None;
        loop {
            let users = accounts::ids_after(&mut *self.store.read().await?, last, AT_ONCE).await?;
            for user in &users {
                if let Err(error) = self.open_all_of(*user, &mut opened).await {
                    // What else this account has is not looked at; the others are.
                    let why = match &error {
                        Error::Corrupt { table, column, id } => format!("{table}.{column} of {id}"),
                        _ => cause(&error),
                    };
                    opened.broken.push(format!("{why}, in account {user}"));
                }
            }
            last = users.last().copied();
            if last.is_none() {
                break;
            }
        }
        let mut reader = self.store.read().await?;
        let found = platforms::list(&mut reader, &self.key).await;
        opened.take(|opened| &mut opened.marks, found)?;
        Ok(opened)
    }

    /// In one snapshot an account, so that what is written meanwhile looks like no damage.
    async fn open_all_of(&self, user: UserId, opened: &mut Opened) -> Result<()> {
        let mut db = self.store.snapshot().await?;
        let account = accounts::by_id(&mut db, &self.key, user).await;
        if matches!(opened.take(|opened| &mut opened.accounts, account)?, Some(None)) {
            // Deleted since it was listed.
            opened.accounts -= 1;
            return Ok(());
        }
        let stored_keys = keys::data_keys(&mut db, user).await?;
        for key in &stored_keys {
            let key = self.open_key(user, &stored_keys, key.id).map(drop);
            opened.take(|opened| &mut opened.marks, key)?;
        }
        for id in secrets::ids(&mut db, user).await? {
            for version in secrets::versions(&mut db, id).await? {
                let value = self.unseal(user, &stored_keys, [&version]).map(drop);
                opened.take(|opened| &mut opened.values, value)?;
            }
        }
        for id in secrets::without_value(&mut db, user).await? {
            opened.broken.push(format!("secrets.version of {id}"));
        }
        if !digests::fits(&mut db, &self.key, user).await? {
            opened.changed.push(user);
        }
        if let Some(leaves) = opened.take(|opened| &mut opened.marks, self.leaves(&mut db, user).await)? {
            for chat in conversations::of_user(&mut db, user).await? {
                let head = leaves.head(&chat).map(drop);
                opened.take(|opened| &mut opened.chats, head)?;
                for entry in conversations::entries(&mut db, chat.id, 0).await? {
                    let entry = leaves.entries(&[entry]).map(drop);
                    opened.take(|opened| &mut opened.chats, entry)?;
                }
            }
        }
        for hash in checking::token_hashes(&mut db, TokenTable::ApiTokens, user).await? {
            let found = tokens::by_token(&mut db, &self.key, hash).await.map(drop);
            opened.take(|opened| &mut opened.marks, found)?;
        }
        for hash in checking::token_hashes(&mut db, TokenTable::Sandboxes, user).await? {
            let found = sandboxes::by_token(&mut db, &self.key, hash).await.map(drop);
            opened.take(|opened| &mut opened.marks, found)?;
        }
        for hash in checking::token_hashes(&mut db, TokenTable::Sessions, user).await? {
            let found = sessions::by_token(&mut db, &self.key, hash).await.map(drop);
            opened.take(|opened| &mut opened.marks, found)?;
        }
        for id in checking::request_ids(&mut db, user).await? {
            let found = requests::by_id(&mut db, &self.key, id).await.map(drop);
            opened.take(|opened| &mut opened.marks, found)?;
        }
        let found = platforms::user(&mut db, &self.key, user).await.map(drop);
        opened.take(|opened| &mut opened.marks, found)?;
        Ok(())
    }

    /// What surrounds the database: who may read its files, and how much room there is.
    fn look_around(&self, examined: &mut Examined) {
        let database = self.store.path();
        let mut closed = true;
        for path in [Some(database), self.root_file.as_deref()].into_iter().flatten() {
            let others = if is_credential(path) { 0o037 } else { 0o077 };
            closed &= is_closed(path, others, examined);
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            // Whoever writes to the folder can put another file in the place of this one.
            closed &= folder.is_none_or(|folder| is_closed(folder, 0o022, examined));
        }
        if closed {
            examined.well("no other user of this machine can reach the database or the root key");
        }
        match rustix::fs::statvfs(database) {
            Ok(disk) => {
                let free = disk.f_bavail.saturating_mul(disk.f_frsize);
                let needed = fs::metadata(database).map_or(0, |file| file.len()).max(LEAST_FREE);
                let words = format!("{} MiB are free on the database's disk", free / (1024 * 1024));
                if free < needed {
                    examined.wrong(format!("{words}, and {} MiB should be", needed.div_ceil(1024 * 1024)));
                } else {
                    examined.well(words);
                }
            }
            Err(error) => examined.wrong(format!("the free room on the database's disk cannot be read: {error}")),
        }
    }
}

/// Whether systemd handed it to this process. It lets a unit's user read its credentials by an access control list, whose
/// mask shows in the place of the group's rights (systemd.exec(5), acl(5)).
fn is_credential(path: &Path) -> bool {
    std::env::var_os("CREDENTIALS_DIRECTORY").is_some_and(|folder| path.starts_with(folder))
}

/// Whether nobody else has the rights in `mask`.
fn is_closed(path: &Path, mask: u32, examined: &mut Examined) -> bool {
    match fs::metadata(path) {
        Ok(found) if found.permissions().mode() & mask == 0 => true,
        Ok(found) => {
            examined.wrong(format!(
                "{} can be {} by others (mode {:o}); run: chmod go= {}",
                path.display(),
                if mask == 0o022 { "changed" } else { "reached" },
                found.permissions().mode() & 0o777,
                path.display()
            ));
            false
        }
        Err(error) => {
            examined.wrong(format!("{}: {error}", path.display()));
            false
        }
    }
}
