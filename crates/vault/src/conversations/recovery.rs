//! After a start: what was cut off when the server ended is ended, and said.

use domain::ActivityKind;
use domain::chat::Entry;

use crate::Inner;
use crate::actor::Who;
use crate::config::Durability;
use crate::error::{Error, Result};
use crate::store::activity::{self, NewRecord};
use crate::store::conversations::{self, SealedEntry};
use crate::store::sandboxes;

const WORDS: &str = "The server stopped while the agent was at work. Nothing runs any more; what stands above is all that \
                     came of it. Send a message to go on.";

/// Ends the turns and the sandbox sessions of chats that an earlier process left behind. Their processes ended with it.
pub(crate) async fn recover(vault: &Inner) -> Result<()> {
    let now = vault.clock.now();
    let mut transaction = vault.store.write(Durability::Power).await?;
    let db = transaction.connection()?;
    let cut = conversations::working(db).await?;
    for row in &cut {
        let note = Entry::Note {
            text: WORDS.to_owned(),
            wrong: true,
        };
        let piece = (row.id, Some(row.entries));
        match vault.seal_leaf(db, row.user, piece, &note).await {
            Ok(sealed) => {
                let entry = SealedEntry {
                    conversation: row.id,
                    position: row.entries,
                    sealed,
                };
                conversations::put_entry(db, &entry, now).await?;
            }
            // One damaged account keeps nobody else from starting; `doctor` names it too.
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, account = %row.user, "a chat that was cut off could not be told so");
            }
            Err(error) => return Err(error),
        }
        conversations::set_working(db, row.id, None).await?;
    }
    let left = sandboxes::close_opened_by(db, Who::CHAT, now).await?;
    let records: Vec<_> = left
        .into_iter()
        .map(|(user, sandbox)| NewRecord {
            user,
            at: now,
            kind: ActivityKind::SandboxClosed,
            actor: Who::CHAT.to_owned(),
            sandbox: Some(sandbox),
            names: None,
            name_set: None,
            address: None,
            detail: Some("the server had stopped".to_owned()),
        })
        .collect();
    if !records.is_empty() {
        activity::insert(db, &records).await?;
    }
    transaction.commit().await
}
