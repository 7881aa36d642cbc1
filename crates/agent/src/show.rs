//! From what is kept of a conversation to what its page shows.

use domain::RequestView;
use domain::chat::{AskedInChat, Entry, EntryView, Run, RunState, RunView};

use crate::markdown;

/// An entry as the page shows it. `requests` are those of its conversation that are still kept; `working`: whether something
/// that has not ended goes on.
pub(crate) fn shown(entry: Entry, requests: &[RequestView], working: bool) -> EntryView {
    match entry {
        Entry::Person { text, redacted } => EntryView::Person(markdown::blocks(&text), redacted),
        Entry::Agent { text } => EntryView::Agent(markdown::blocks(&text)),
        Entry::Listed => EntryView::Listed,
        Entry::Asked {
            request, names, status, ..
        } => {
            let found = requests.iter().find(|known| known.id == request).cloned();
            EntryView::Asked(Box::new(AskedInChat {
                id: request,
                names,
                status: found.as_ref().map_or(status, |known| known.status),
                request: found,
            }))
        }
        Entry::Ran(run) => {
            let Run {
                language,
                code,
                given,
                names,
                network,
                output,
                files,
                end,
            } = *run;
            let state = match end {
                Some(end) => RunState::Ended(end),
                None if working => RunState::Running,
                None => RunState::Cut,
            };
            EntryView::Ran(Box::new(RunView {
                language,
                code,
                given,
                names,
                network,
                output,
                files,
                state,
            }))
        }
        Entry::Note { text, wrong } => EntryView::Note(text, wrong),
    }
}
