//! What only whoever runs the server may do: reached through the admin socket, never over HTTP.

use domain::{ActivityKind, LoginName, RawValue, Scopes};

use crate::Inner;
use crate::activity::record;
use crate::actor::{Actor, Origin, Via};
use crate::config::Durability;
use crate::error::{Error, Result};
use crate::store::accounts::Account;
use crate::store::{accounts, activity, sessions};
use crate::tokens::{self, CreatedToken, NewToken, Tokens};

/// What only whoever runs the server may do.
pub struct Operator<'v>(pub(crate) &'v Inner);

impl Operator<'_> {
    /// Adds an account, whatever the sign-up policy.
    ///
    /// # Errors
    /// [`Error::TakenLogin`], or [`Error::Invalid`] for the password.
    pub async fn add_user(&self, login: LoginName, password: &RawValue) -> Result<()> {
        let hash = self.0.new_password_hash(password, &login).await?;
        let mut transaction = self.0.store.write(Durability::Power).await?;
        let account = self.0.insert_account(&mut transaction, login, &hash).await?;
        let done = record(&acting_for(account), self.0.clock.now(), ActivityKind::SignedUp);
        activity::insert(transaction.connection()?, [&done]).await?;
        transaction.commit().await
    }

    /// Replaces a password and ends every session of the account.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Invalid`] for the password.
    pub async fn set_password(&self, login: &LoginName, password: &RawValue) -> Result<()> {
        let actor = self.actor(login).await?;
        let hash = self.0.new_password_hash(password, login).await?;
        let now = self.0.clock.now();
        let mut transaction = self.0.store.write(Durability::Power).await?;
        let db = transaction.connection()?;
        accounts::set_password(db, &self.0.key, &actor.account(), &hash, now).await?;
        sessions::delete_others(db, actor.user, None).await?;
        activity::insert(db, [&record(&actor, now, ActivityKind::PasswordChanged)]).await?;
        transaction.commit().await
    }

    /// Makes an API token for an account.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`].
    pub async fn create_token(&self, login: &LoginName, label: String, scopes: Scopes) -> Result<CreatedToken> {
        let new = NewToken {
            label,
            scopes,
            names: None,
            ttl_days: None,
        };
        tokens::check(&new)?;
        let actor = self.actor(login).await?;
        Tokens(self.0).make(&actor, new).await
    }

    async fn actor(&self, login: &LoginName) -> Result<Actor> {
        let mut reader = self.0.store.read().await?;
        let found = accounts::by_login(&mut reader, &self.0.key, login.key())
            .await?
            .ok_or(Error::NotFound)?;
        Ok(acting_for(found.account))
    }
}

pub(crate) fn acting_for(account: Account) -> Actor {
    Actor {
        user: account.id,
        login: account.login,
        role: account.role,
        via: Via::Operator,
        origin: Origin::default(),
    }
}
