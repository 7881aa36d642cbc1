//! What is done in the background. Every hour, sessions that nobody can use any more and records past their time are
//! forgotten, some accounts at a time, so that nobody waits long for the writer. Soon after values were replaced, the log
//! that still holds the old ones is emptied.

use std::sync::{Arc, Weak};
use std::time::Duration;

use domain::Timestamp;

use crate::Inner;
use crate::accounts::SESSION_IDLE;
use crate::clock::{DAY, millis};
use crate::config::Durability;
use crate::error::Result;
use crate::requests::record_of_lapse;
use crate::store::tidying::{self, Old};
use crate::store::{activity, requests};

const EVERY: Duration = Duration::from_secs(3600);
/// Accounts in one transaction.
const AT_ONCE: usize = 20;
/// Accounts that are looked at in one go, and the pause between two of those: a tenth of one core.
const LOOKED_AT: u32 = 200;
const PAUSE: Duration = Duration::from_millis(40);
/// Requests that are noted as expired in one transaction.
const LAPSED_AT_ONCE: u32 = 20;
/// Soon, so that a server that is often started anew tidies too; not at once, when everybody comes back.
const AFTER_START: Duration = Duration::from_secs(2);
/// How late a record says that a request has lapsed.
const LAPSE_EVERY: Duration = Duration::from_secs(20);
/// How long changes are gathered before the log is emptied.
const GATHER: Duration = Duration::from_secs(1);
/// When that is tried again, after somebody was reading or the disk refused it.
const AGAIN: Duration = Duration::from_secs(3);

/// Starts the tasks; they end with the vault.
pub(crate) fn start(vault: &Arc<Inner>) {
    tokio::spawn(tidy_hourly(Arc::downgrade(vault)));
    tokio::spawn(empty_the_log(Arc::downgrade(vault)));
    tokio::spawn(lapse_requests(Arc::downgrade(vault)));
}

async fn tidy_hourly(vault: Weak<Inner>) {
    let mut wait = AFTER_START;
    loop {
        tokio::time::sleep(wait).await;
        wait = EVERY;
        let Some(vault) = vault.upgrade() else { return };
        if let Err(error) = tidy(&vault).await {
            tracing::warn!(%error, "old sessions and records could not be removed; the next try is in an hour");
        }
    }
}

/// Whether a request has lapsed is seen wherever it is read; this writes it down, and tells its owner.
async fn lapse_requests(vault: Weak<Inner>) {
    loop {
        tokio::time::sleep(LAPSE_EVERY).await;
        let Some(vault) = vault.upgrade() else { return };
        if let Err(error) = note_lapsed(&vault).await {
            tracing::warn!(%error, "requests that nobody answered could not be noted as expired; the next try is soon");
        }
    }
}

pub(crate) async fn note_lapsed(vault: &Inner) -> Result<()> {
    let now = vault.clock.now();
    loop {
        let mut transaction = vault.store.write(vault.record_durability).await?;
        let db = transaction.connection()?;
        let lapsed = requests::lapse(db, now, LAPSED_AT_ONCE).await?;
        if lapsed.is_empty() {
            return Ok(());
        }
        lapsed.iter().for_each(|request| transaction.touch(request.user));
        let records: Vec<_> = lapsed.into_iter().map(record_of_lapse).collect();
        activity::insert(transaction.connection()?, &records).await?;
        transaction.commit().await?;
    }
}

async fn empty_the_log(vault: Weak<Inner>) {
    let Some(wanted) = vault.upgrade().map(|vault| vault.store.checkpoint_wanted()) else {
        return;
    };
    loop {
        // Nobody asks a vault that is gone: look from time to time whether it is.
        let asked = tokio::time::timeout(EVERY, wanted.notified()).await.is_ok();
        if asked {
            tokio::time::sleep(GATHER).await;
        }
        let Some(vault) = vault.upgrade() else { return };
        if asked && !vault.store.checkpoint().await {
            drop(vault);
            // It has asked for the next try itself.
            tokio::time::sleep(AGAIN).await;
        }
    }
}

pub(crate) async fn tidy(vault: &Inner) -> Result<()> {
    let now = vault.clock.now();
    let old = Old {
        unseen_since: Timestamp(now.0 - millis(SESSION_IDLE)),
        now,
        before: Timestamp(now.0 - millis(DAY * vault.limits.record_days)),
    };
    let mut last = None;
    let mut any = false;
    loop {
        let users = tidying::users_after(&mut *vault.store.read().await?, &old, last, LOOKED_AT).await?;
        last = users.last().map(|(user, _)| *user);
        let with_old: Vec<_> = users.iter().filter(|(_, has_old)| *has_old).collect();
        for some in with_old.chunks(AT_ONCE) {
            let mut transaction = vault.store.write(Durability::Power).await?;
            for (user, _) in some {
                tidying::forget(transaction.connection()?, &old, *user).await?;
            }
            transaction.commit().await?;
            any = true;
        }
        if users.len() < LOOKED_AT as usize {
            break;
        }
        // Where there are many accounts, whoever fetches meanwhile shall not notice.
        tokio::time::sleep(PAUSE).await;
    }
    if any {
        vault.store.checkpoint().await;
    }
    Ok(())
}
