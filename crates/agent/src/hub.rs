//! Who watches a conversation is told what comes to stand in it, as it happens.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use domain::chat::{Entry, EntryView, Shown, Update};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Updates that a slow watcher can be behind; one that is further behind gets all anew.
const BEHIND: usize = 256;

/// All conversations that somebody watches, or whose agent is at work.
#[derive(Default)]
pub(crate) struct Hub(Mutex<HashMap<String, Weak<Live>>>);

/// One conversation, as far as it is not yet written down.
pub(crate) struct Live {
    state: Mutex<State>,
    sender: broadcast::Sender<Update>,
}

#[derive(Default)]
struct State {
    stop: Option<CancellationToken>,
    open: BTreeMap<u32, Open>,
}

/// An entry that is still being made.
#[derive(Clone)]
pub(crate) struct Open {
    /// As it stands so far.
    pub(crate) entry: Entry,
    /// As the page shows it.
    pub(crate) view: EntryView,
}

/// What a watcher gets: what is open now, then what comes.
pub struct Updates {
    /// To be shown over what is written down.
    pub now: Vec<Update>,
    /// What comes.
    pub coming: broadcast::Receiver<Update>,
    /// Is there as long as somebody watches.
    _live: Arc<Live>,
}

impl Hub {
    pub(crate) fn live(&self, conversation: &str) -> Arc<Live> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(live) = all.get(conversation).and_then(Weak::upgrade) {
            return live;
        }
        all.retain(|_, live| live.strong_count() > 0);
        let live = Arc::new(Live {
            state: Mutex::default(),
            sender: broadcast::channel(BEHIND).0,
        });
        all.insert(conversation.to_owned(), Arc::downgrade(&live));
        live
    }
}

impl Live {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The agent is at work from now on; cancelling the token stops it.
    pub(crate) fn begin(&self, stop: CancellationToken) {
        self.state().stop = Some(stop);
        self.tell(Update::Working(true));
    }

    /// Stops the agent. Says whether it was at work.
    pub(crate) fn stop(&self) -> bool {
        let state = self.state();
        state.stop.as_ref().inspect(|stop| stop.cancel()).is_some()
    }

    /// The agent is done.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        state.stop = None;
        state.open.clear();
        self.tell(Update::Working(false));
    }

    /// What stands at a place now. `open` is what it is made of, as long as it is not whole.
    pub(crate) fn show(&self, position: u32, view: EntryView, open: Option<Entry>) {
        let mut state = self.state();
        match open {
            Some(entry) => {
                let view = view.clone();
                state.open.insert(position, Open { entry, view });
            }
            None => {
                state.open.remove(&position);
            }
        }
        self.tell(Update::Entry(Shown { position, entry: view }));
    }

    /// More text of an entry that is open: of an answer, or of a run's output.
    pub(crate) fn more(&self, position: u32, text: &str) {
        let mut state = self.state();
        let Some(open) = state.open.get_mut(&position) else {
            return;
        };
        match &mut open.entry {
            Entry::Agent { text: so_far } => so_far.push_str(text),
            Entry::Ran(run) => run.output.push_str(text),
            _ => {}
        }
        match &mut open.view {
            EntryView::Writing(so_far) => so_far.push_str(text),
            EntryView::Ran(run) => run.output.push_str(text),
            _ => {}
        }
        self.tell(Update::More(position, text.to_owned()));
    }

    /// What is not whole, for whoever has to end it.
    pub(crate) fn opened(&self) -> BTreeMap<u32, Open> {
        self.state().open.clone()
    }

    /// What is open now, and what comes after exactly that.
    pub(crate) fn watch(self: &Arc<Self>) -> Updates {
        let state = self.state();
        let coming = self.sender.subscribe();
        let open = state.open.iter().map(|(position, open)| {
            Update::Entry(Shown {
                position: *position,
                entry: open.view.clone(),
            })
        });
        Updates {
            now: open.chain([Update::Working(state.stop.is_some())]).collect(),
            coming,
            _live: Arc::clone(self),
        }
    }

    /// Nobody may be watching.
    fn tell(&self, update: Update) {
        let _watched = self.sender.send(update);
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_watcher_gets_what_is_open_and_each_piece_after_it_once() {
        let hub = Hub::default();
        let live = hub.live("a");
        let agent = |text: &str| Entry::Agent { text: text.to_owned() };
        live.show(3, EntryView::Writing("Hel".to_owned()), Some(agent("Hel")));
        live.more(3, "lo");
        let mut watcher = hub.live("a").watch();
        assert!(
            matches!(&watcher.now[0], Update::Entry(Shown { entry: EntryView::Writing(text), .. }) if text == "Hello")
        );
        live.more(3, "!");
        assert_eq!(
            watcher.coming.try_recv().expect("an update"),
            Update::More(3, "!".to_owned())
        );
        assert!(watcher.coming.try_recv().is_err());
    }

    #[test]
    fn conversations_that_nobody_watches_are_forgotten() {
        let hub = Hub::default();
        drop(hub.live("a"));
        let _b = hub.live("b");
        assert_eq!(hub.0.lock().expect("a lock").len(), 1);
    }
}
