//! Accounts: signing up, in and out, passwords, sessions, deletion.

mod sign_in;

use domain::{ActivityKind, FieldError, LoginName, RawValue, SessionView, Timestamp, check_password};

pub use sign_in::NewSession;
pub(crate) use sign_in::SESSION_IDLE;

use crate::Inner;
use crate::activity::record;
use crate::actor::{Actor, Role};
use crate::clock::millis;
use crate::config::SignupPolicy;
use crate::error::{Error, Result};
use crate::id::{SessionId, UserId};
use crate::store::accounts::Account;
use crate::store::{Transaction, accounts, activity, keys, sessions};
use crate::throttle::Guesser;

/// Signing up, in and out.
pub struct Accounts<'v>(pub(crate) &'v Inner);

/// Whether somebody can make an account now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignupState {
    /// The first account, with the setup code.
    SetupCodeNeeded,
    /// Anybody.
    Open,
    /// Nobody.
    Closed,
}

impl Accounts<'_> {
    /// Whether somebody can make an account now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signup_state(&self) -> Result<SignupState> {
        Ok(match self.0.signup {
            SignupPolicy::Closed => SignupState::Closed,
            policy => {
                let mut reader = self.0.store.read().await?;
                match policy {
                    _ if !accounts::any_exists(&mut reader).await? => SignupState::SetupCodeNeeded,
                    SignupPolicy::Open => SignupState::Open,
                    _ => SignupState::Closed,
                }
            }
        })
    }

    /// Replaces the password and ends every other session (OWASP ASVS 5.0, 7.4.3).
    ///
    /// # Errors
    /// [`Error::WrongPassword`], or [`Error::Invalid`] for a new password that breaks a rule.
    pub async fn change_password(&self, actor: &Actor, current: &RawValue, new: &RawValue) -> Result<()> {
        let session = actor.require_browser()?;
        self.0.confirm_password(actor, current).await?;
        let hash = self.0.new_password_hash(new, &actor.login).await?;
        let now = self.0.clock.now();
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        accounts::set_password(db, &self.0.key, &actor.account(), &hash, now).await?;
        sessions::delete_others(db, actor.user, Some(session)).await?;
        activity::insert(db, [&record(actor, now, ActivityKind::PasswordChanged)]).await?;
        transaction.commit().await
    }

    /// The browsers that are signed in, the latest used first.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`].
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionView>> {
        let current = actor.require_browser()?;
        let now = self.0.clock.now();
        let mut reader = self.0.store.read().await?;
        let rows = sessions::list(&mut reader, actor.user, Timestamp(now.0 - millis(SESSION_IDLE)), now).await?;
        Ok(rows
            .into_iter()
            .map(|row| SessionView {
                id: row.id.to_string(),
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                expires_at: row.expires_at.min(Timestamp(row.last_seen_at.0 + millis(SESSION_IDLE))),
                address: row.address,
                user_agent: row.user_agent,
                current: row.id == current,
            })
            .collect())
    }

    /// Signs one browser out.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not one of the actor's sessions.
    pub async fn end_session(&self, actor: &Actor, id: &str) -> Result<()> {
        actor.require_browser()?;
        let id = SessionId::from_text(id).ok_or(Error::NotFound)?;
        self.end(actor, id, ActivityKind::SessionEnded).await
    }

    /// Signs this browser out.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`].
    pub async fn sign_out(&self, actor: &Actor) -> Result<()> {
        let id = actor.require_browser()?;
        self.end(actor, id, ActivityKind::SignedOut).await
    }

    /// Deletes the account and everything of it, its keys included, in one transaction.
    ///
    /// # Errors
    /// [`Error::WrongPassword`].
    pub async fn delete_account(&self, actor: &Actor, password: &RawValue) -> Result<()> {
        actor.require_browser()?;
        self.0.confirm_password(actor, password).await?;
        let mut transaction = self.0.write_as(actor).await?;
        accounts::delete(transaction.connection()?, actor.user).await?;
        transaction.touch(actor.user);
        transaction.commit().await?;
        // Its records are gone with it, so the log is where this stands.
        tracing::info!(account = %actor.user, "an account was deleted by its person");
        self.0.store.checkpoint().await;
        Ok(())
    }

    async fn end(&self, actor: &Actor, id: SessionId, kind: ActivityKind) -> Result<()> {
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        if !sessions::delete(db, actor.user, id).await? {
            return Err(Error::NotFound);
        }
        activity::insert(db, [&record(actor, self.0.clock.now(), kind)]).await?;
        transaction.commit().await
    }
}

impl Inner {
    /// Before something that cannot be undone or gives much away: the person types the password again.
    pub(crate) async fn confirm_password(&self, actor: &Actor, password: &RawValue) -> Result<()> {
        let session = actor.require_browser()?;
        let attempt = self
            .throttle
            .attempt(vec![Guesser::Session(session)], self.clock.now())?;
        let stored = {
            let mut reader = self.store.read().await?;
            accounts::by_id(&mut reader, &self.key, actor.user)
                .await?
                .and_then(|found| found.password_hash)
        };
        match self.passwords.verify(password, stored.as_deref()).await {
            Ok(false) => {
                let mut refused = record(actor, self.clock.now(), ActivityKind::SignInRefused);
                refused.detail = Some("the password was asked for again".to_owned());
                self.recorder.note(refused);
                Err(Error::WrongPassword)
            }
            looked_at => {
                attempt.give_back();
                looked_at.map(drop)
            }
        }
    }

    /// Checks a new password's rules and hashes it.
    pub(crate) async fn new_password_hash(&self, password: &RawValue, login: &LoginName) -> Result<String> {
        // Exposed to be checked against the rules.
        check_password(password.expose(), login.as_typed())
            .map_err(|error| Error::Invalid(vec![FieldError::password(&error)]))?;
        self.passwords.hash(password).await
    }

    /// An account with its first data key; the first of all accounts owns the server.
    pub(crate) async fn insert_account(
        &self,
        transaction: &mut Transaction,
        login: LoginName,
        password_hash: &str,
    ) -> Result<Account> {
        let now = self.clock.now();
        let db = transaction.connection()?;
        let role = if accounts::any_exists(db).await? {
            Role::Member
        } else {
            Role::Owner
        };
        let account = Account {
            id: UserId::make(),
            login,
            role,
        };
        accounts::insert(db, &self.key, &account, password_hash, now).await?;
        let (_, data_key) = self.keyring().make_data_key(account.id).map_err(|_| Error::NoRandom)?;
        keys::insert_data_key(db, account.id, &data_key, now).await?;
        Ok(account)
    }
}
