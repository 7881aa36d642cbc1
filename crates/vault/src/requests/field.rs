//! The secure field inside somebody else's page: a token that can answer one request, and nothing else.

use domain::{FieldError, FieldView, LoginName, RequestStatus, RequestView, Timestamp};

use super::{Answered, Requests, asker};
use crate::actor::{Actor, Origin, Role, Via};
use crate::error::{AuthFailure, Error, Result};
use crate::id::RequestId;
use crate::platforms::label_at;
use crate::store::requests::{Asker, FieldKey, Request};
use crate::store::{platforms, requests};
use crate::token::{HashedToken, PlainToken, TokenKind};

/// A field token that has just been made.
#[derive(Debug)]
pub struct OpenedField {
    /// The token, this once; an earlier one of the same request is void.
    pub token: PlainToken,
    /// When it ends: with its request.
    pub expires_at: Timestamp,
}

/// Proof that the field of one request is asking. Made by [`Requests::authenticate_field`] only.
pub struct FieldSession {
    request: RequestId,
    actor: Actor,
}

/// Where the person answers a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestPage {
    /// On the server's own page of that request; also for an id that leads nowhere.
    Here,
    /// On a page of its platform.
    AtPlatform(String),
    /// In the platform's frame only.
    Nowhere,
}

impl Requests<'_> {
    /// Makes the token by which a platform's page can show the field of one of its requests.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a request of another creator; [`Error::RequestEnded`]; [`Error::Invalid`] for a creator that
    /// is no platform, or a user without a label: a field that cannot say whose account it writes to is not shown.
    pub async fn field_token(&self, actor: &Actor, id: &str) -> Result<OpenedField> {
        let asker = asker(actor)?;
        let now = self.0.clock.now();
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let mut request = self.pending(db, actor.user, id, now).await?;
        if !request.is_of(asker) {
            return Err(Error::NotFound);
        }
        let Asker::Platform(platform) = asker else {
            let message = "Only a platform's requests can be shown inside a page. Send the person the link instead.";
            return Err(Error::Invalid(vec![FieldError::new(
                "id",
                "field.platform_only",
                message,
            )]));
        };
        let user = platforms::user(db, &self.0.key, actor.user).await?;
        if user.is_none_or(|user| user.platform != platform || user.label.is_none()) {
            let message = "Say how the person calls this account, as `user_label`, so that the field can show it.";
            return Err(Error::Invalid(vec![FieldError::new(
                "user_label",
                "field.label",
                message,
            )]));
        }
        let token = PlainToken::make(TokenKind::Field)?;
        let expires_at = request.expires_at;
        request.field = Some(FieldKey {
            hash: token.hashed(),
            expires_at,
        });
        requests::update(db, &self.0.key, &request).await?;
        transaction.commit().await?;
        Ok(OpenedField { token, expires_at })
    }

    /// Who a field token answers for, if it is the one of this request.
    ///
    /// # Errors
    /// [`AuthFailure`] for anything but the token in force of this request; [`Error::RequestEnded`] once it has ended, so that the
    /// field can say how.
    pub async fn authenticate_field(&self, token: &str, id: &str, from: Origin) -> Result<FieldSession> {
        let hash = HashedToken::parse(token, TokenKind::Field)?;
        let id = RequestId::from_text(id).ok_or(Error::NotFound)?;
        let now = self.0.clock.now();
        let mut reader = self.0.store.read().await?;
        let request = requests::by_id(&mut reader, &self.0.key, id)
            .await?
            .filter(|request| request.field.is_some_and(|field| field.hash == hash))
            .ok_or(AuthFailure::Unknown)?;
        match request.status_at(now) {
            RequestStatus::Pending => {}
            ended => return Err(Error::RequestEnded(ended)),
        }
        let login = self.account_at(&mut reader, &request).await?;
        Ok(FieldSession {
            request: id,
            actor: Actor {
                user: request.user,
                login,
                role: Role::Member,
                via: Via::Field {
                    request: id,
                    hash,
                    at: request.asked_by,
                },
                origin: from,
            },
        })
    }

    /// What the field shows.
    ///
    /// # Errors
    /// [`Error::NotFound`] when its account is gone meanwhile.
    pub async fn open_field(&self, session: &FieldSession) -> Result<FieldView> {
        let mut reader = self.0.store.read().await?;
        let request = requests::by_id(&mut reader, &self.0.key, session.request)
            .await?
            .ok_or(Error::NotFound)?;
        let account = session.actor.login.as_typed().to_owned();
        self.field_view(&mut reader, request, account).await
    }

    /// Answers, and spends the token with it.
    ///
    /// # Errors
    /// As [`answer`](Self::answer); [`AuthFailure::Revoked`] for a token that was spent or renewed meanwhile.
    pub async fn answer_field(&self, session: &FieldSession, answers: Vec<Answered>) -> Result<RequestView> {
        self.settle(&session.actor, &session.request.to_string(), answers).await
    }

    /// Says no to all of it, and spends the token.
    ///
    /// # Errors
    /// The same.
    pub async fn skip_field(&self, session: &FieldSession) -> Result<RequestView> {
        self.settle_by(&session.actor, &session.request.to_string(), None).await
    }

    /// Where a request's field may be shown: the origins of its platform. `None` for one that no platform made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn field_origins(&self, id: &str) -> Result<Option<Vec<String>>> {
        Ok(self.platform_of(id).await?.map(|platform| platform.origins))
    }

    /// Where the person answers a request. The same for whoever asks: it tells nothing that the link does not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page_of(&self, id: &str) -> Result<RequestPage> {
        Ok(match self.platform_of(id).await? {
            None => RequestPage::Here,
            Some(platform) => match platform.page_of(id) {
                Some(page) => RequestPage::AtPlatform(page),
                None => RequestPage::Nowhere,
            },
        })
    }

    /// Whether requests of this credential can be shown inside a page: a platform's, for a user whose account has a label.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn can_be_embedded(&self, actor: &Actor) -> Result<bool> {
        if !matches!(actor.via, Via::Platform { .. }) {
            return Ok(false);
        }
        let mut reader = self.0.store.read().await?;
        let user = platforms::user(&mut reader, &self.0.key, actor.user).await?;
        Ok(user.is_some_and(|user| user.label.is_some()))
    }

    async fn platform_of(&self, id: &str) -> Result<Option<platforms::Platform>> {
        let Some(id) = RequestId::from_text(id) else {
            return Ok(None);
        };
        let mut reader = self.0.store.read().await?;
        let Some(request) = requests::by_id(&mut reader, &self.0.key, id).await? else {
            return Ok(None);
        };
        // Also of what a sandbox of the platform's user asks for.
        match platforms::user(&mut reader, &self.0.key, request.user).await? {
            Some(user) => platforms::by_id(&mut reader, &self.0.key, user.platform).await,
            None => Ok(None),
        }
    }

    /// Whose account it is, as the field says it: "label at platform".
    async fn account_at(&self, db: &mut sqlx::SqliteConnection, request: &Request) -> Result<LoginName> {
        let user = platforms::user(db, &self.0.key, request.user)
            .await?
            .ok_or(AuthFailure::Unknown)?;
        let platform = platforms::by_id(db, &self.0.key, user.platform).await?;
        let (label, platform) = user.label.zip(platform).ok_or(AuthFailure::Unknown)?;
        LoginName::parse(&label_at(&label, &platform.name)).map_err(|_| AuthFailure::Unknown.into())
    }
}
