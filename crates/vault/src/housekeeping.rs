//! What is done every hour: sessions that nobody can use any more and records past their time are forgotten.

use std::sync::{Arc, Weak};
use std::time::Duration;

use domain::Timestamp;

use crate::Inner;
use crate::accounts::SESSION_IDLE;
use crate::clock::millis;
use crate::config::Durability;
use crate::error::Result;
use crate::store::{activity, sessions};

const EVERY: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Starts the task; it ends with the vault.
pub(crate) fn start(vault: &Arc<Inner>) {
    let vault = Arc::downgrade(vault);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            let Some(vault) = Weak::upgrade(&vault) else { return };
            if let Err(error) = tidy(&vault).await {
                tracing::warn!(%error, "old sessions and records could not be removed; the next try is in an hour");
            }
        }
    });
}

async fn tidy(vault: &Inner) -> Result<()> {
    let now = vault.clock.now();
    let oldest = Timestamp(now.0 - millis(DAY * vault.limits.record_days));
    let mut transaction = vault.store.write(Durability::Power).await?;
    let db = transaction.connection()?;
    sessions::delete_expired(db, Timestamp(now.0 - millis(SESSION_IDLE)), now).await?;
    activity::forget(db, oldest).await?;
    transaction.commit().await?;
    vault.store.checkpoint().await
}
