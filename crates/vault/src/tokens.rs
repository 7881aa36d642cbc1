//! API tokens: programs that act for a person, within scopes.

use std::time::Duration;

use domain::{ActivityKind, FieldError, RawValue, Scopes, SecretName, Timestamp, TokenView};

use crate::Inner;
use crate::activity::record;
use crate::actor::{Actor, Origin, Via};
use crate::clock::{DAY, millis};
use crate::error::{AuthFailure, Error, Result};
use crate::id::TokenId;
use crate::labels::{check_label, check_names, in_order};
use crate::store::tokens::ApiToken;
use crate::store::{activity, requests, sandboxes, tokens};
use crate::token::{HashedToken, PlainToken, TokenKind};

/// API tokens.
pub struct Tokens<'v>(pub(crate) &'v Inner);

/// A token to be made.
#[derive(Debug)]
pub struct NewToken {
    /// What its owner calls it; 1 to 100 characters.
    pub label: String,
    /// What it may do.
    pub scopes: Scopes,
    /// The most that sandboxes opened with it may hold; `None`: everything.
    pub names: Option<Vec<SecretName>>,
    /// Days until it ends; `None`: never.
    pub ttl_days: Option<u32>,
}

/// A token that has just been made.
#[derive(Debug)]
pub struct CreatedToken {
    /// Its record.
    pub view: TokenView,
    /// The token, this once.
    pub token: PlainToken,
}

/// Live tokens an account.
const MOST_TOKENS: u32 = 200;
const MOST_DAYS: u32 = 3650;
/// "Last used" is written this often at most.
const USED_EVERY: Duration = Duration::from_secs(60);

impl Tokens<'_> {
    /// Makes a token. A token cannot make tokens; a powerful one needs the password again.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`], [`Error::PasswordNeeded`], [`Error::WrongPassword`], [`Error::Invalid`].
    pub async fn create(&self, actor: &Actor, new: NewToken, password: Option<&RawValue>) -> Result<CreatedToken> {
        actor.require_browser()?;
        check(&new)?;
        if new.scopes.any_powerful() {
            self.0
                .confirm_password(actor, password.ok_or(Error::PasswordNeeded)?)
                .await?;
        }
        self.make(actor, new).await
    }

    /// The actor's tokens that are not revoked, the newest first.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`].
    pub async fn list(&self, actor: &Actor) -> Result<Vec<TokenView>> {
        actor.require_browser()?;
        let mut reader = self.0.store.read().await?;
        Ok(tokens::list(&mut reader, actor.user)
            .await?
            .into_iter()
            .map(view)
            .collect())
    }

    /// Revokes a token, ends the sandboxes it opened, and takes back what it asked for.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn revoke(&self, actor: &Actor, id: &str) -> Result<()> {
        actor.require_browser()?;
        let id = TokenId::from_text(id).ok_or(Error::NotFound)?;
        let now = self.0.clock.now();
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let label = tokens::revoke(db, actor.user, id, now).await?.ok_or(Error::NotFound)?;
        sandboxes::close_opened_with(db, id, now).await?;
        requests::cancel_of_token(db, actor.user, id, now).await?;
        let mut done = record(actor, now, ActivityKind::TokenRevoked);
        done.detail = Some(label);
        activity::insert(db, [&done]).await?;
        transaction.touch(actor.user);
        transaction.commit().await
    }

    /// Who a bearer token stands for.
    ///
    /// # Errors
    /// [`AuthFailure`] for anything but a live API token.
    pub async fn authenticate(&self, token: &str, from: Origin) -> Result<Actor> {
        let hash = HashedToken::parse(token, TokenKind::Api)?;
        let now = self.0.clock.now();
        let cached = self.0.cache.token(&self.0.store, &self.0.key, hash).await?;
        let cached = cached.ok_or(AuthFailure::Unknown)?;
        let (token, account) = (&cached.token, &cached.account);
        if token.revoked_at.is_some() {
            return Err(AuthFailure::Revoked.into());
        }
        if token.expires_at.is_some_and(|at| at <= now) {
            return Err(AuthFailure::Expired.into());
        }
        if token.last_used_at.is_none_or(|at| now.0 - at.0 >= millis(USED_EVERY)) {
            match self.note_used(token.id, now).await {
                Ok(()) => self.0.cache.used(hash, &cached, now),
                // Who is there is there, even if the disk is full.
                Err(error) => tracing::warn!(%error, "the time of a token's last use could not be written"),
            }
        }
        let via = Via::Token {
            id: token.id,
            label: token.label.clone(),
            scopes: token.scopes,
            names: token.names.clone(),
            expires_at: token.expires_at,
            seen: cached.generation,
        };
        Ok(Actor {
            user: account.id,
            login: account.login.clone(),
            role: account.role,
            via,
            origin: from,
        })
    }

    async fn note_used(&self, token: TokenId, now: Timestamp) -> Result<()> {
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        tokens::used(transaction.connection()?, token, now).await?;
        transaction.commit().await
    }

    pub(crate) async fn make(&self, actor: &Actor, new: NewToken) -> Result<CreatedToken> {
        let now = self.0.clock.now();
        let token = PlainToken::make(TokenKind::Api)?;
        let stored = ApiToken {
            id: TokenId::make(),
            label: new.label.trim().to_owned(),
            hint: token.hint(),
            scopes: new.scopes,
            names: new.names.map(in_order),
            created_at: now,
            expires_at: new.ttl_days.map(|days| Timestamp(now.0 + millis(DAY * days))),
            last_used_at: None,
            revoked_at: None,
        };
        let mut done = record(actor, now, ActivityKind::TokenCreated);
        done.detail = Some(format!("{}: {}", stored.label, stored.scopes));
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        if tokens::count(db, actor.user).await? >= i64::from(MOST_TOKENS) {
            return Err(Error::TooMany {
                what: "API tokens",
                limit: MOST_TOKENS,
            });
        }
        tokens::insert(db, &self.0.key, actor.user, token.hashed(), &stored).await?;
        activity::insert(db, [&done]).await?;
        transaction.commit().await?;
        Ok(CreatedToken {
            view: view(stored),
            token,
        })
    }
}

/// The rules of a new token, all of them at once.
pub(crate) fn check(new: &NewToken) -> Result<()> {
    let mut errors = Vec::new();
    if new.label.trim().is_empty() {
        let message = "Give the token a name, so that you know it again.";
        errors.push(FieldError::new("label", "label.empty", message));
    }
    errors.extend(check_label(&new.label));
    errors.extend(check_names(new.names.as_deref()));
    if new.scopes.is_empty() {
        errors.push(FieldError::new(
            "scopes",
            "token.scopes",
            "Choose at least one thing that the token may do.",
        ));
    }
    if new.ttl_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
        let message = format!("A token can live 1 to {MOST_DAYS} days, or without an end.");
        errors.push(FieldError::new("ttl_days", "token.ttl", message));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

fn view(token: ApiToken) -> TokenView {
    TokenView {
        id: token.id.to_string(),
        label: token.label,
        scopes: token.scopes,
        names: token.names,
        hint: token.hint,
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
    }
}
