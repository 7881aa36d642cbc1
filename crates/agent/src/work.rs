//! What an agent works with during one turn: the conversation, which it writes to, and those who watch.

use std::sync::Arc;

use domain::RequestStatus;
use domain::chat::{Entry, EntryView, RunEnd};
use sandbox::Runner;
use vault::{Turn, Vault};

use crate::hub::{Live, Open};
use crate::show::shown;

/// One turn.
pub(crate) struct Work {
    pub(crate) vault: Vault,
    pub(crate) turn: Turn,
    pub(crate) live: Arc<Live>,
    pub(crate) runner: Arc<dyn Runner>,
}

/// Why a turn cannot go on: what it does is refused, or cannot be written down.
pub(crate) type Result<T> = vault::Result<T>;

impl Work {
    /// Writes down something that is whole.
    pub(crate) async fn add(&self, entry: Entry) -> Result<()> {
        let (position, kept) = self.vault.conversations().append(&self.turn, entry).await?;
        self.live.show(position, shown(kept, &[], true), None);
        Ok(())
    }

    /// Says something of the server's own.
    pub(crate) async fn note(&self, text: impl Into<String>, wrong: bool) -> Result<()> {
        let text = text.into();
        self.add(Entry::Note { text, wrong }).await
    }

    /// The agent says something, all at once.
    pub(crate) async fn say(&self, text: impl Into<String>) -> Result<()> {
        self.add(Entry::Agent { text: text.into() }).await
    }

    /// Writes down something that is not whole yet, and shows it so.
    pub(crate) async fn open(&self, entry: Entry, view: impl FnOnce(&Entry) -> EntryView) -> Result<u32> {
        let (position, kept) = self.vault.conversations().append(&self.turn, entry).await?;
        self.live.show(position, view(&kept), Some(kept));
        Ok(position)
    }

    /// Writes down what became of it; gives what was kept of that.
    pub(crate) async fn close(
        &self,
        position: u32,
        entry: Entry,
        view: impl FnOnce(Entry) -> EntryView,
    ) -> Result<Entry> {
        let kept = self.vault.conversations().replace(&self.turn, position, entry).await?;
        self.live.show(position, view(kept.clone()), None);
        Ok(kept)
    }

    /// Ends what was left open when the turn was stopped: what there is of it stays.
    pub(crate) async fn tidy(&self, why: &str) -> Result<()> {
        for (position, Open { mut entry, .. }) in self.live.opened() {
            match &mut entry {
                Entry::Ran(run) => {
                    run.end = Some(RunEnd {
                        well: false,
                        words: why.to_owned(),
                    });
                }
                Entry::Asked { request, status, .. } => {
                    // It may have ended by itself meanwhile; how it stands is read where it is shown.
                    let _ended = self.vault.requests().cancel(self.turn.actor(), request).await;
                    *status = RequestStatus::Cancelled;
                }
                _ => {}
            }
            let requests = self.vault.requests().list(self.turn.actor()).await;
            let requests = requests.map(|page| page.items).unwrap_or_default();
            self.close(position, entry, |kept| shown(kept, &requests, false))
                .await?;
        }
        Ok(())
    }
}
