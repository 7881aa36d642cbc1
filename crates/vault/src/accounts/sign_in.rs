//! Who is there: sessions of browsers are made and recognised here.

use std::time::Duration;

use domain::{ActivityKind, LoginName, RawValue, Timestamp};

use super::{Accounts, SignupState};
use crate::activity::record;
use crate::actor::{Actor, Origin, Via};
use crate::clock::millis;
use crate::config::Durability;
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::store::accounts::Account;
use crate::store::activity::NewRecord;
use crate::store::{Transaction, accounts, activity, sessions};
use crate::throttle::Guesser;
use crate::token::{HashedToken, PlainToken, TokenKind};

/// A session that nobody used for so long ends (OWASP ASVS 5.0, 7.3.1).
pub(crate) const SESSION_IDLE: Duration = Duration::from_secs(24 * 3600);
/// A session ends after so long, however much it is used (OWASP ASVS 5.0, 7.3.2).
const SESSION_ABSOLUTE: Duration = Duration::from_secs(14 * 24 * 3600);
/// "Last seen" is written this often at most.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// A session that has just begun.
#[derive(Debug)]
pub struct NewSession {
    /// For the browser's cookie.
    pub token: PlainToken,
    /// Who signed in.
    pub actor: Actor,
}

impl Accounts<'_> {
    /// Makes an account and signs in.
    ///
    /// # Errors
    /// [`Error::SignupClosed`], [`Error::BadSetupCode`], [`Error::TakenLogin`], or [`Error::Invalid`] for the password.
    pub async fn sign_up(
        &self,
        login: &LoginName,
        password: &RawValue,
        setup_code: Option<&str>,
        from: Origin,
    ) -> Result<NewSession> {
        self.may_sign_up(setup_code, &from).await?;
        let hash = self.0.new_password_hash(password, login).await?;
        let mut transaction = self.0.store.write(Durability::Power).await?;
        // Asked again inside the transaction: of two who hold the setup code, one is the first.
        if self.0.signup == crate::SignupPolicy::First && accounts::any_exists(transaction.connection()?).await? {
            return Err(Error::SignupClosed);
        }
        let account = self.0.insert_account(&mut transaction, login.clone(), &hash).await?;
        let session = self
            .begin_session(&mut transaction, account, from, ActivityKind::SignedUp)
            .await?;
        transaction.commit().await?;
        Ok(session)
    }

    /// Signs in. Refused attempts are slowed down, and recorded for the account if there is one.
    ///
    /// # Errors
    /// [`Error::BadSignIn`] whether the name or the password is wrong, [`Error::TooManyAttempts`], [`Error::Busy`].
    pub async fn sign_in(&self, login: &str, password: &RawValue, from: Origin) -> Result<NewSession> {
        // A name that breaks the rule belongs to nobody, and costs what any unknown name costs.
        let key = LoginName::parse(login)
            .map(|login| login.key().to_owned())
            .unwrap_or_default();
        let mut guessers = vec![Guesser::account(from.address, &key)];
        guessers.extend(from.address.map(Guesser::address));
        self.0.throttle.check(&guessers, self.0.clock.now())?;

        let found = {
            let mut reader = self.0.store.read().await?;
            accounts::by_login(&mut reader, &key).await?
        };
        let stored = found.as_ref().and_then(|credentials| credentials.password_hash.clone());
        let fits = self.0.passwords.verify(password, stored).await?;
        let Some(credentials) = found else {
            self.0.throttle.refused(&guessers, self.0.clock.now());
            return Err(Error::BadSignIn);
        };
        let mut transaction = self.0.store.write(Durability::Power).await?;
        if !fits {
            self.0.throttle.refused(&guessers, self.0.clock.now());
            let refused = self.refused_sign_in(&credentials.account, &from);
            activity::insert(transaction.connection()?, &[refused]).await?;
            transaction.commit().await?;
            return Err(Error::BadSignIn);
        }
        let session = self
            .begin_session(&mut transaction, credentials.account, from, ActivityKind::SignedIn)
            .await?;
        transaction.commit().await?;
        Ok(session)
    }

    /// Who a session cookie stands for; `None` for one that is unknown, ended, or lapsed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn actor(&self, session_token: &str, from: Origin) -> Result<Option<Actor>> {
        let Ok(token) = HashedToken::parse(session_token, TokenKind::Session) else {
            return Ok(None);
        };
        let now = self.0.clock.now();
        let session = {
            let mut reader = self.0.store.read().await?;
            sessions::by_token(&mut reader, token).await?
        };
        let Some(session) = session else { return Ok(None) };
        let idle = now.0 - session.last_seen_at.0;
        if now >= session.expires_at || idle >= millis(SESSION_IDLE) {
            return Ok(None);
        }
        if idle >= millis(SEEN_EVERY) {
            let mut transaction = self.0.store.write(Durability::Process).await?;
            sessions::seen(transaction.connection()?, session.id, now).await?;
            transaction.commit().await?;
        }
        Ok(Some(actor(session.account, session.id, from)))
    }

    async fn may_sign_up(&self, setup_code: Option<&str>, from: &Origin) -> Result<()> {
        match self.signup_state().await? {
            SignupState::Open => Ok(()),
            SignupState::Closed => Err(Error::SignupClosed),
            SignupState::SetupCodeNeeded => {
                let guessers: Vec<_> = from.address.map(Guesser::address).into_iter().collect();
                self.0.throttle.check(&guessers, self.0.clock.now())?;
                if setup_code.is_some_and(|code| self.0.setup_code.fits(code)) {
                    return Ok(());
                }
                self.0.throttle.refused(&guessers, self.0.clock.now());
                Err(Error::BadSetupCode)
            }
        }
    }

    async fn begin_session(
        &self,
        transaction: &mut Transaction,
        account: Account,
        from: Origin,
        kind: ActivityKind,
    ) -> Result<NewSession> {
        let now = self.0.clock.now();
        let (id, token) = (SessionId::make(), PlainToken::make(TokenKind::Session)?);
        let expires_at = Timestamp(now.0 + millis(SESSION_ABSOLUTE));
        let db = transaction.connection()?;
        sessions::insert(db, id, account.id, token.hashed(), now, expires_at, &from).await?;
        let actor = actor(account, id, from);
        activity::insert(db, &[record(&actor, now, kind)]).await?;
        Ok(NewSession { token, actor })
    }

    fn refused_sign_in(&self, account: &Account, from: &Origin) -> NewRecord {
        NewRecord {
            user: account.id,
            at: self.0.clock.now(),
            kind: ActivityKind::SignInRefused,
            actor: "Somebody, in a browser".to_owned(),
            sandbox: None,
            names: None,
            name_set: None,
            address: from.address_text(),
            detail: None,
        }
    }
}

fn actor(account: Account, session: SessionId, origin: Origin) -> Actor {
    Actor {
        user: account.id,
        login: account.login,
        role: account.role,
        via: Via::Browser { session },
        origin,
    }
}
