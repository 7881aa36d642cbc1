//! Writing for somebody: their right to act is looked at again inside the transaction, so that what was revoked while
//! they waited for the writer stays revoked.

use crate::Inner;
use crate::actor::{Actor, Via};
use crate::config::Durability;
use crate::error::{AuthFailure, Result};
use crate::store::{Transaction, sessions, tokens};

impl Inner {
    /// A transaction for this actor, who may still act.
    ///
    /// # Errors
    /// [`AuthFailure::Revoked`] when the session or token has ended since it was authenticated.
    pub(crate) async fn write_as(&self, actor: &Actor) -> Result<Transaction> {
        let mut transaction = self.store.write(Durability::Power).await?;
        let db = transaction.connection()?;
        let stands = match &actor.via {
            Via::Browser { session } => sessions::exists(db, actor.user, *session).await?,
            Via::Token { id, .. } => tokens::is_live(db, actor.user, *id, self.clock.now()).await?,
            Via::Operator => true,
        };
        if stands {
            Ok(transaction)
        } else {
            Err(AuthFailure::Revoked.into())
        }
    }
}
