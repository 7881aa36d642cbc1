//! Who is there: sessions of browsers are made and recognised here.

use std::time::Duration;

use domain::{ActivityKind, LoginName, RawValue, Timestamp};

use super::{Accounts, SignupState};
use crate::activity::record;
use crate::actor::{Actor, Origin, Via, Who};
use crate::clock::millis;
use crate::config::Durability;
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::store::accounts::{Account, Credentials};
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
        let state = self.may_sign_up(setup_code, &from).await?;
        let hash = self.0.new_password_hash(password, login).await?;
        let mut transaction = self.0.store.write(Durability::Power).await?;
        // Asked again inside the transaction: of two who hold the setup code, one is the first.
        let first = !accounts::any_exists(transaction.connection()?).await?;
        if first != (state == SignupState::SetupCodeNeeded) {
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
        let attempt = self.0.throttle.attempt(guessers, self.0.clock.now())?;
        let found = {
            let mut reader = self.0.store.read().await?;
            accounts::by_login(&mut reader, &self.0.key, &key).await?
        };
        let stored = found
            .as_ref()
            .and_then(|credentials| credentials.password_hash.as_deref());
        let fits = match self.0.passwords.verify(password, stored).await {
            Ok(fits) => fits,
            Err(not_looked_at) => {
                attempt.give_back();
                return Err(not_looked_at);
            }
        };
        match found {
            Some(credentials) if fits => {
                attempt.give_back();
                self.open_session(credentials, from).await
            }
            found => {
                // Without waiting for the record: an account that exists must not take longer to refuse than one that does not.
                found
                    .into_iter()
                    .for_each(|credentials| self.note_refused(&credentials.account, &from));
                Err(Error::BadSignIn)
            }
        }
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
            sessions::by_token(&mut reader, &self.0.key, token).await?
        };
        let Some(session) = session else { return Ok(None) };
        let idle = now.0 - session.last_seen_at.0;
        if now >= session.expires_at || idle >= millis(SESSION_IDLE) {
            return Ok(None);
        }
        if idle >= millis(SEEN_EVERY)
            && let Err(error) = self.note_seen(session.id, now).await
        {
            // Who is there is there, even if the disk is full.
            tracing::warn!(%error, "the time of a session's last use could not be written");
        }
        Ok(Some(actor(session.account, session.id, from)))
    }

    async fn note_seen(&self, session: SessionId, now: Timestamp) -> Result<()> {
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        sessions::seen(transaction.connection()?, session, now).await?;
        transaction.commit().await
    }

    /// Each sign-up takes an attempt from its address, and a right setup code gives it back.
    async fn may_sign_up(&self, setup_code: Option<&str>, from: &Origin) -> Result<SignupState> {
        let state = self.signup_state().await?;
        let guessers: Vec<_> = from.address.map(Guesser::address).into_iter().collect();
        let attempt = self.0.throttle.attempt(guessers, self.0.clock.now())?;
        match state {
            SignupState::Closed => Err(Error::SignupClosed),
            SignupState::SetupCodeNeeded if !setup_code.is_some_and(|code| self.0.setup_code.fits(code)) => {
                tracing::warn!(address = from.address_text(), "somebody gave a wrong setup code");
                Err(Error::BadSetupCode)
            }
            SignupState::SetupCodeNeeded => {
                attempt.give_back();
                Ok(state)
            }
            SignupState::Open => Ok(state),
        }
    }

    /// For somebody whose password has just been found right, unless it was changed or the account deleted meanwhile.
    async fn open_session(&self, checked: Credentials, from: Origin) -> Result<NewSession> {
        let mut transaction = self.0.store.write(Durability::Power).await?;
        let now = accounts::by_id(transaction.connection()?, &self.0.key, checked.account.id).await?;
        if now.and_then(|now| now.password_hash) != checked.password_hash {
            return Err(Error::BadSignIn);
        }
        let session = self
            .begin_session(&mut transaction, checked.account, from, ActivityKind::SignedIn)
            .await?;
        transaction.commit().await?;
        Ok(session)
    }

    async fn begin_session(
        &self,
        transaction: &mut Transaction,
        account: Account,
        from: Origin,
        kind: ActivityKind,
    ) -> Result<NewSession> {
        let now = self.0.clock.now();
        let token = PlainToken::make(TokenKind::Session)?;
        let new = sessions::NewSession {
            id: SessionId::make(),
            user: account.id,
            token: token.hashed(),
            created_at: now,
            expires_at: Timestamp(now.0 + millis(SESSION_ABSOLUTE)),
            origin: &from,
        };
        let db = transaction.connection()?;
        sessions::insert(db, &self.0.key, &new).await?;
        let id = new.id;
        let actor = actor(account, id, from);
        activity::insert(db, [&record(&actor, now, kind)]).await?;
        Ok(NewSession { token, actor })
    }

    fn note_refused(&self, account: &Account, from: &Origin) {
        self.0.recorder.note(NewRecord {
            user: account.id,
            at: self.0.clock.now(),
            kind: ActivityKind::SignInRefused,
            actor: Who::STRANGER.to_owned(),
            sandbox: None,
            names: None,
            name_set: None,
            address: from.address_text(),
            detail: None,
        });
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
