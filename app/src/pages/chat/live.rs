//! A chat as it changes: what the server tells about it while it is open.

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys::MessageEvent;
use web_sys::EventSource;

use super::shown::{ChatUpdate, ShownEntry};

/// What stands in a chat. Copies share it.
#[derive(Clone, Copy)]
pub(super) struct Live {
    places: RwSignal<Vec<Place>>,
    working: RwSignal<bool>,
    /// Grows with whatever comes.
    news: RwSignal<u32>,
}

/// One entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: u32,
    /// What stands there.
    pub(super) entry: RwSignal<ShownEntry>,
    /// Text that came after that.
    pub(super) more: RwSignal<String>,
}

impl Place {
    fn new(shown: ShownEntry) -> Self {
        Self {
            position: shown.position,
            entry: RwSignal::new(shown),
            more: RwSignal::new(String::new()),
        }
    }
}

impl Live {
    pub(super) fn new(entries: Vec<ShownEntry>, working: bool) -> Self {
        Self {
            places: RwSignal::new(entries.into_iter().map(Place::new).collect()),
            working: RwSignal::new(working),
            news: RwSignal::new(0),
        }
    }

    pub(super) fn places(self) -> Vec<Place> {
        self.places.get()
    }

    pub(super) fn working(self) -> bool {
        self.working.get()
    }

    /// Calls whoever calls this again when something has come.
    pub(super) fn track(self) {
        self.news.track();
    }

    /// Where the request stands that is answered here: earlier ones have a page of their own.
    pub(super) fn last_asked(self) -> Memo<Option<u32>> {
        Memo::new(move |_| {
            let places = self.places.read();
            let mut waiting = places.iter().rev().filter(|place| place.entry.read().asks.is_some());
            waiting.next().map(|place| place.position)
        })
    }

    /// Follows what the server tells, as long as the page is there. On the server this does nothing.
    pub(super) fn follow(self, id: String) {
        Effect::new(move |_| {
            // What comes is told again from the last entries on: whatever was under way when the page was made.
            let from = self.places.read_untracked().len().saturating_sub(2);
            let Ok(source) = EventSource::new(&format!("/chat/{id}/events?from={from}")) else {
                return;
            };
            let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
                if let Some(update) = message
                    .data()
                    .as_string()
                    .and_then(|text| serde_json::from_str(&text).ok())
                {
                    self.take(update);
                }
            });
            source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            let kept = SendWrapper::new((source, on_message));
            on_cleanup(move || kept.0.close());
        });
    }

    fn take(self, update: ChatUpdate) {
        match update {
            ChatUpdate::Entry(shown) => self.put(shown),
            ChatUpdate::More(position, text) => {
                let places = self.places.read_untracked();
                if let Some(place) = places.iter().find(|place| place.position == position) {
                    place.more.update(|more| more.push_str(&text));
                }
            }
            ChatUpdate::Working(working) => {
                if self.working.get_untracked() != working {
                    self.working.set(working);
                }
            }
        }
        self.news.update(|news| *news += 1);
    }

    fn put(self, shown: ShownEntry) {
        let found = {
            let places = self.places.read_untracked();
            places.iter().find(|place| place.position == shown.position).copied()
        };
        match found {
            Some(place) => {
                // The same again is no news: what is being typed beneath it stays.
                if place.entry.read_untracked() != shown {
                    place.entry.set(shown);
                }
                if !place.more.read_untracked().is_empty() {
                    place.more.set(String::new());
                }
            }
            None => self.places.update(|places| {
                let after = places.partition_point(|place| place.position < shown.position);
                places.insert(after, Place::new(shown));
            }),
        }
    }
}
