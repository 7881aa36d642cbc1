//! A platform's users: who its key acts for.

use domain::text::first_hidden;
use domain::{FieldError, LoginName};

use super::Platforms;
use crate::actor::{Actor, Origin, Role, Via};
use crate::config::Durability;
use crate::error::{AuthFailure, Error, Result};
use crate::id::{PlatformId, UserId};
use crate::keys::DataKey;
use crate::store::accounts::Account;
use crate::store::platforms::{Platform, PlatformUser};
use crate::store::{accounts, keys, platforms};
use crate::token::{HashedToken, TokenKind};

/// A platform whose key was shown. What it may do depends on the user that it acts for.
#[derive(Clone, Debug)]
pub struct PlatformCaller {
    pub(crate) id: PlatformId,
    pub(crate) name: String,
    pub(crate) most_users: u32,
    pub(crate) hash: HashedToken,
}

/// Characters of what a user's account is called.
const MOST_LABEL: usize = 80;
const MOST_EXTERNAL: usize = 128;

impl Platforms<'_> {
    /// Which platform a key belongs to.
    ///
    /// # Errors
    /// [`AuthFailure`] for anything but the key in force of a platform.
    pub async fn authenticate(&self, key: &str) -> Result<PlatformCaller> {
        let hash = HashedToken::parse(key, TokenKind::Platform)?;
        let mut reader = self.0.store.read().await?;
        let Platform {
            id, name, most_users, ..
        } = platforms::by_key(&mut reader, &self.0.key, hash)
            .await?
            .ok_or(AuthFailure::Unknown)?;
        Ok(PlatformCaller {
            id,
            name,
            most_users,
            hash,
        })
    }

    /// The platform's user of that name, who is known already.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that none can have; [`Error::NotFound`].
    pub async fn acting_for(&self, caller: &PlatformCaller, external: &str, from: Origin) -> Result<Actor> {
        check_external(external)?;
        let mut reader = self.0.store.read().await?;
        let user = platforms::user_by_external(&mut reader, &self.0.key, caller.id, external)
            .await?
            .ok_or(Error::NotFound)?;
        caller.actor(&user, from)
    }

    /// The same, made on the first call that names them. `label` is what the person calls the account; the latest stays.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::TooMany`] when the platform has as many users as it may.
    pub async fn acting_for_anybody(
        &self,
        caller: &PlatformCaller,
        external: &str,
        label: Option<&str>,
        from: Origin,
    ) -> Result<Actor> {
        check_external(external)?;
        let label = label.map(check_label).transpose()?;
        let known = {
            let mut reader = self.0.store.read().await?;
            platforms::user_by_external(&mut reader, &self.0.key, caller.id, external).await?
        };
        match known {
            Some(user) if label.is_none() || user.label == label => caller.actor(&user, from),
            _ => {
                let user = self.make_or_label(caller, external, label).await?;
                caller.actor(&user, from)
            }
        }
    }

    /// Removes one user with everything of theirs.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_user(&self, caller: &PlatformCaller, external: &str) -> Result<()> {
        let mut transaction = self.0.store.write(Durability::Power).await?;
        let db = transaction.connection()?;
        if !platforms::key_stands(db, caller.id, caller.hash).await? {
            return Err(AuthFailure::Revoked.into());
        }
        let user = platforms::user_by_external(db, &self.0.key, caller.id, external)
            .await?
            .ok_or(Error::NotFound)?;
        accounts::delete(db, user.user).await?;
        transaction.touch(user.user);
        transaction.commit().await?;
        self.0.store.checkpoint().await;
        Ok(())
    }

    async fn make_or_label(
        &self,
        caller: &PlatformCaller,
        external: &str,
        label: Option<String>,
    ) -> Result<PlatformUser> {
        let mut transaction = self.0.store.write(Durability::Power).await?;
        let db = transaction.connection()?;
        if !platforms::key_stands(db, caller.id, caller.hash).await? {
            return Err(AuthFailure::Revoked.into());
        }
        // Looked for again inside the transaction: of two that name a new user at once, one makes it.
        if let Some(mut user) = platforms::user_by_external(db, &self.0.key, caller.id, external).await? {
            if label.is_some() {
                user.label = label;
                platforms::label_user(db, &self.0.key, &user).await?;
                transaction.commit().await?;
            }
            return Ok(user);
        }
        if platforms::count_users(db, caller.id).await? >= i64::from(caller.most_users) {
            return Err(Error::TooMany {
                what: "users of this platform",
                limit: caller.most_users,
            });
        }
        let now = self.0.clock.now();
        let user = PlatformUser {
            platform: caller.id,
            external: external.to_owned(),
            user: UserId::make(),
            label,
        };
        let account = Account {
            id: user.user,
            login: login_of(external, &caller.name)?,
            role: Role::Member,
        };
        accounts::insert_without_sign_in(db, &self.0.key, &account, now).await?;
        let (_, data_key): (DataKey, _) = self.0.keyring().make_data_key(user.user).map_err(|_| Error::NoRandom)?;
        keys::insert_data_key(db, user.user, &data_key, now).await?;
        platforms::insert_user(db, &self.0.key, &user, now).await?;
        transaction.commit().await?;
        Ok(user)
    }
}

impl PlatformCaller {
    fn actor(&self, user: &PlatformUser, from: Origin) -> Result<Actor> {
        Ok(Actor {
            user: user.user,
            login: login_of(&user.external, &self.name)?,
            role: Role::Member,
            via: Via::Platform {
                id: self.id,
                name: self.name.clone(),
                hash: self.hash,
            },
            origin: from,
        })
    }
}

fn login_of(external: &str, platform: &str) -> Result<LoginName> {
    LoginName::parse(&super::label_at(external, platform))
        .map_err(|error| Error::Invalid(vec![FieldError::login(&error)]))
}

fn check_external(external: &str) -> Result<()> {
    let plain = external.bytes().all(|byte| matches!(byte, b'!'..=b'~'));
    if plain && (1..=MOST_EXTERNAL).contains(&external.len()) {
        return Ok(());
    }
    let message = format!(
        "A platform says which of its users it acts for: `Strongroom-User`, 1 to {MOST_EXTERNAL} visible ASCII characters, \
         such as its own id of the user."
    );
    Err(Error::Invalid(vec![FieldError::new(
        "Strongroom-User",
        "platform.user",
        message,
    )]))
}

fn check_label(label: &str) -> Result<String> {
    let label = label.trim();
    if label.is_empty() || label.chars().count() > MOST_LABEL || first_hidden(label, false).is_some() {
        let message = format!(
            "`user_label` is what the person calls their account: 1 to {MOST_LABEL} characters, all of which show."
        );
        return Err(Error::Invalid(vec![FieldError::new(
            "user_label",
            "platform.user_label",
            message,
        )]));
    }
    Ok(label.to_owned())
}
