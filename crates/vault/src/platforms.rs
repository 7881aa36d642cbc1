//! Platforms: somebody's agent product, which keeps the secrets of its own users here.
//!
//! A platform's key acts for users of that platform only. They are accounts of their own, without a password: nobody
//! signs in to one, and no other platform reaches it.

mod rules;
mod users;

use domain::{ActivityKind, PlatformView, RawValue, Timestamp};

use crate::Inner;
use crate::activity::record;
use crate::actor::{Actor, Role};
use crate::config::Durability;
use crate::error::{Error, Result};
use crate::id::PlatformId;
use crate::store::platforms::{self, Platform};
use crate::store::{Transaction, accounts, activity};
use crate::token::{PlainToken, TokenKind};

pub use rules::NewPlatform;
pub use users::PlatformCaller;

/// Platforms.
pub struct Platforms<'v>(pub(crate) &'v Inner);

/// A platform whose key has just been made.
#[derive(Debug)]
pub struct PlatformKey {
    /// Its record.
    pub view: PlatformView,
    /// The key, this once.
    pub key: PlainToken,
}

/// Platforms that a server has at most.
const MOST_PLATFORMS: usize = 100;

/// Who changes the server's platforms: its owner in a browser, who has typed the password, or the operator at the server.
enum By<'a> {
    Owner(&'a Actor),
    Operator,
}

impl Platforms<'_> {
    /// All platforms, by name.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody but the server's owner, in a browser.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<PlatformView>> {
        owner(actor)?;
        self.0.platforms().await
    }

    /// Adds a platform. Its key reads values of its users, so the password is typed again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anybody but the owner; [`Error::WrongPassword`]; [`Error::TakenPlatform`]; [`Error::Invalid`].
    pub async fn add(&self, actor: &Actor, new: NewPlatform, password: &RawValue) -> Result<PlatformKey> {
        owner(actor)?;
        let platform = new.check()?;
        self.0.confirm_password(actor, password).await?;
        self.0.add_platform(By::Owner(actor), platform).await
    }

    /// Makes another key; the old one is void at once, and what it opened ends.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::WrongPassword`].
    pub async fn rotate(&self, actor: &Actor, name: &str, password: &RawValue) -> Result<PlatformKey> {
        owner(actor)?;
        self.0.confirm_password(actor, password).await?;
        self.0.rotate_platform(By::Owner(actor), name).await
    }

    /// Removes a platform with all of its users and everything of theirs.
    ///
    /// # Errors
    /// The same.
    pub async fn remove(&self, actor: &Actor, name: &str, password: &RawValue) -> Result<()> {
        owner(actor)?;
        self.0.confirm_password(actor, password).await?;
        self.0.remove_platform(By::Owner(actor), name).await
    }
}

impl crate::Operator<'_> {
    /// All platforms, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn platforms(&self) -> Result<Vec<PlatformView>> {
        self.0.platforms().await
    }

    /// Adds a platform.
    ///
    /// # Errors
    /// [`Error::TakenPlatform`]; [`Error::Invalid`].
    pub async fn add_platform(&self, new: NewPlatform) -> Result<PlatformKey> {
        self.0.add_platform(By::Operator, new.check()?).await
    }

    /// Makes another key; the old one is void at once, and what it opened ends.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn rotate_platform(&self, name: &str) -> Result<PlatformKey> {
        self.0.rotate_platform(By::Operator, name).await
    }

    /// Removes a platform with all of its users and everything of theirs.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_platform(&self, name: &str) -> Result<()> {
        self.0.remove_platform(By::Operator, name).await
    }
}

impl Inner {
    async fn platforms(&self) -> Result<Vec<PlatformView>> {
        let mut reader = self.store.read().await?;
        let rows = platforms::list(&mut reader, &self.key).await?;
        Ok(rows
            .into_iter()
            .map(|(platform, users)| view(platform, users))
            .collect())
    }

    async fn add_platform(&self, by: By<'_>, checked: rules::Checked) -> Result<PlatformKey> {
        let now = self.clock.now();
        let key = PlainToken::make(TokenKind::Platform)?;
        let platform = Platform {
            id: PlatformId::make(),
            name: checked.name,
            hint: key.hint(),
            origins: checked.origins,
            request_url: checked.request_url,
            most_users: checked.most_users,
            created_at: now,
            rotated_at: None,
        };
        let mut transaction = self.write_by(&by).await?;
        let db = transaction.connection()?;
        if platforms::list(db, &self.key).await?.len() >= MOST_PLATFORMS {
            let limit = u32::try_from(MOST_PLATFORMS).unwrap_or(u32::MAX);
            return Err(Error::TooMany {
                what: "platforms",
                limit,
            });
        }
        let name_key = rules::name_key(&platform.name);
        platforms::insert(db, &self.key, &platform, &name_key, key.hashed()).await?;
        self.note(&by, &mut transaction, ActivityKind::PlatformAdded, &platform.name, now)
            .await?;
        transaction.commit().await?;
        Ok(PlatformKey {
            view: view(platform, 0),
            key,
        })
    }

    async fn rotate_platform(&self, by: By<'_>, name: &str) -> Result<PlatformKey> {
        let now = self.clock.now();
        let key = PlainToken::make(TokenKind::Platform)?;
        let mut transaction = self.write_by(&by).await?;
        let db = transaction.connection()?;
        let mut platform = platforms::by_name(db, &self.key, &rules::name_key(name))
            .await?
            .ok_or(Error::NotFound)?;
        platform.hint = key.hint();
        platform.rotated_at = Some(now);
        platforms::rotate(db, &self.key, &platform, key.hashed(), now).await?;
        platforms::close_sandboxes(db, platform.id, now).await?;
        platforms::cancel_requests(db, platform.id, now).await?;
        let users = platforms::user_ids(db, platform.id).await?;
        self.note(
            &by,
            &mut transaction,
            ActivityKind::PlatformRotated,
            &platform.name,
            now,
        )
        .await?;
        users.iter().for_each(|user| transaction.touch(*user));
        transaction.commit().await?;
        Ok(PlatformKey {
            view: view(platform, i64::try_from(users.len()).unwrap_or(i64::MAX)),
            key,
        })
    }

    async fn remove_platform(&self, by: By<'_>, name: &str) -> Result<()> {
        let now = self.clock.now();
        let mut transaction = self.write_by(&by).await?;
        let db = transaction.connection()?;
        let platform = platforms::by_name(db, &self.key, &rules::name_key(name))
            .await?
            .ok_or(Error::NotFound)?;
        let users = platforms::user_ids(db, platform.id).await?;
        platforms::remove_users(db, platform.id).await?;
        platforms::delete(db, platform.id).await?;
        self.note(
            &by,
            &mut transaction,
            ActivityKind::PlatformRemoved,
            &platform.name,
            now,
        )
        .await?;
        users.iter().for_each(|user| transaction.touch(*user));
        transaction.commit().await?;
        self.store.checkpoint().await;
        Ok(())
    }

    async fn write_by(&self, by: &By<'_>) -> Result<Transaction> {
        match by {
            By::Owner(actor) => self.write_as(actor).await,
            By::Operator => self.store.write(Durability::Power).await,
        }
    }

    /// Records it where the owner reads it, whoever did it.
    async fn note(
        &self,
        by: &By<'_>,
        transaction: &mut Transaction,
        kind: ActivityKind,
        platform: &str,
        now: Timestamp,
    ) -> Result<()> {
        let db = transaction.connection()?;
        let mut done = match by {
            By::Owner(actor) => record(actor, now, kind),
            By::Operator => match accounts::owner(db, &self.key).await? {
                Some(owner) => record(&crate::operator::acting_for(owner), now, kind),
                // Nobody is there yet to read it.
                None => return Ok(()),
            },
        };
        done.detail = Some(platform.to_owned());
        activity::insert(db, [&done]).await
    }
}

/// The first line of what is the owner's alone. To others it is as if there were no platforms.
fn owner(actor: &Actor) -> Result<()> {
    actor.require_browser()?;
    if actor.role == Role::Owner {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// How the field names an account of a platform's user.
pub(crate) fn label_at(label: &str, platform: &str) -> String {
    format!("{label} at {platform}")
}

fn view(platform: Platform, users: i64) -> PlatformView {
    PlatformView {
        name: platform.name,
        hint: platform.hint,
        origins: platform.origins,
        request_url: platform.request_url,
        users: u64::try_from(users).unwrap_or(0),
        most_users: platform.most_users,
        created_at: platform.created_at,
        rotated_at: platform.rotated_at,
    }
}
