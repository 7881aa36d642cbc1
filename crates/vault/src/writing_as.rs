//! Writing for somebody: their right to act is looked at again inside the transaction, so that what was revoked while
//! they waited for the writer stays revoked.

use crate::Inner;
use crate::actor::{Actor, Via};
use crate::config::Durability;
use crate::error::{AuthFailure, Result};
use crate::store::{Transaction, conversations, platforms, requests, sessions, tokens};

impl Inner {
    /// A transaction for this actor, who may still act.
    ///
    /// # Errors
    /// [`AuthFailure::Revoked`] when the session or token has ended since it was authenticated.
    pub(crate) async fn write_as(&self, actor: &Actor) -> Result<Transaction> {
        self.write_as_durably(actor, Durability::Power).await
    }

    /// The same, for what need not survive more than `durability`.
    ///
    /// # Errors
    /// The same.
    pub(crate) async fn write_as_durably(&self, actor: &Actor, durability: Durability) -> Result<Transaction> {
        let now = self.clock.now();
        let mut transaction = self.store.write(durability).await?;
        let db = transaction.connection()?;
        let stands = match &actor.via {
            Via::Browser { session } => sessions::exists(db, actor.user, *session).await?,
            // Nothing but sandboxes has changed of the account since it was looked at, and nothing can while we hold the
            // writer.
            Via::Token { seen, expires_at, .. }
                if seen.differs_in_sandboxes_at_most(self.store.generations().current(actor.user)) =>
            {
                expires_at.is_none_or(|at| at > now)
            }
            Via::Token { id, .. } => tokens::is_live(db, actor.user, *id, now).await?,
            Via::Platform { id, hash, .. } => {
                platforms::key_stands(db, *id, *hash).await? && platforms::has_user(db, *id, actor.user).await?
            }
            Via::Field { request, hash, .. } => requests::field_stands(db, *request, *hash, now).await?,
            Via::Chat { conversation, session } => {
                sessions::exists(db, actor.user, *session).await?
                    && conversations::exists(db, actor.user, *conversation).await?
            }
            Via::Operator => true,
        };
        if stands {
            Ok(transaction)
        } else {
            Err(AuthFailure::Revoked.into())
        }
    }
}
