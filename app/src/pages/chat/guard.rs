//! Notices a credential in the message box before it is sent.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::RawValue;
use domain::guard::Found;
use leptos::html::{Button, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlFormElement, SubmitEvent};

use crate::erase::Erase;
use crate::pieces::{credentials_now, load_credentials};

/// Looks at the message box. Nothing that it finds is kept: where it stands is looked up again when it is moved.
#[derive(Clone, Copy)]
pub(super) struct Guard {
    area: NodeRef<Textarea>,
    noticed: RwSignal<Option<Noticed>>,
    /// Whether what knows credentials has arrived, or cannot.
    is_ready: RwSignal<bool>,
    /// What is offered first.
    first: NodeRef<Button>,
    dismissed: Dismissed,
    /// What is on its way into the secure field.
    moving: RwSignal<Option<Moving>>,
    value: StoredValue<Option<RawValue>>,
}

/// The context that holds what the person said is no credential, by its hash, as long as the page is open: longer than
/// one message box, since the first message leads from one to another.
#[derive(Clone, Copy)]
pub(super) struct Dismissed(StoredValue<Vec<u64>>);

impl Dismissed {
    pub(super) fn provide() {
        provide_context(Self(StoredValue::new(Vec::new())));
    }
}

/// What is said of it.
#[derive(Clone, PartialEq, Eq)]
struct Noticed {
    name: String,
    service: Option<&'static str>,
}

/// A name that stands in the message now, in the place of a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Moving {
    pub(super) name: String,
}

impl Guard {
    pub(super) fn new(area: NodeRef<Textarea>) -> Self {
        Self {
            area,
            noticed: RwSignal::new(None),
            is_ready: RwSignal::new(false),
            first: NodeRef::new(),
            dismissed: expect_context(),
            moving: RwSignal::new(None),
            value: StoredValue::new(None),
        }
    }

    /// Somebody is about to write: what knows credentials is fetched.
    pub(super) fn get_ready(self) {
        spawn_local(self.arrive());
    }

    async fn arrive(self) {
        // Without it no message is looked at, and none is held up.
        let _ = load_credentials().await;
        // The page may be another one by now.
        if self.is_ready.try_set(true).is_none() {
            self.look();
        }
    }

    /// Looks at what stands in the box now.
    pub(super) fn look(self) {
        let now = self.found().map(|(_, found)| Noticed {
            name: found.suggested_name.to_string(),
            service: found.service,
        });
        if *self.noticed.read_untracked() != now {
            self.noticed.set(now);
        }
    }

    /// Before a message is sent: stops it as long as there is something in it that nobody has decided about, and leads
    /// to the decision.
    pub(super) fn stop(self, event: &SubmitEvent) {
        self.look();
        let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        if self.noticed.read_untracked().is_some() {
            if let Some(button) = self.first.get_untracked() {
                // Fails only for what cannot be focused.
                let _ = button.focus();
            }
        } else if let Some(form) = form.filter(|_| !self.is_ready.get_untracked()) {
            // Quicker than what knows credentials: sent once that has arrived, or cannot.
            spawn_local(async move {
                self.arrive().await;
                // Fails only for what is no form of the page any more.
                let _ = form.request_submit();
            });
        } else {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
    }

    pub(super) fn moving(self) -> RwSignal<Option<Moving>> {
        self.moving
    }

    /// The value that was moved, once.
    pub(super) fn take_value(self) -> Option<RawValue> {
        self.value.try_update_value(Option::take).flatten()
    }

    /// Puts another name into the message: the one that the value was stored under.
    pub(super) fn rename(self, from: &str, to: &str) {
        if let Some(area) = self.area.get_untracked().filter(|_| from != to) {
            area.set_value(&area.value().replacen(from, to, 1));
        }
    }

    /// It is no credential: not noticed again while the page is open.
    fn dismiss(self) {
        if let Some((text, found)) = self.found() {
            let hash = hash_of(text.expose().get(found.range).unwrap_or_default());
            self.dismissed.0.update_value(|all| all.push(hash));
        }
        self.look();
        self.focus();
    }

    /// Takes it out of the message, leaves its name there, and opens the secure field with it.
    fn move_out(self) {
        let (Some((text, found)), Some(area)) = (self.found(), self.area.get_untracked()) else {
            return;
        };
        // Exposed to go from the message box into the secure field beside it.
        let text = text.expose();
        let part = |range| text.get(range).unwrap_or_default();
        let name = found.suggested_name.to_string();
        let before = part(0..found.replaces.start);
        let after = part(found.replaces.end..text.len());
        self.value
            .set_value(Some(RawValue::new(part(found.range.clone()).to_owned())));
        area.set_value(&format!("{before}{name}{after}"));
        self.moving.set(Some(Moving { name }));
        self.look();
    }

    fn focus(self) {
        if let Some(area) = self.area.get_untracked() {
            // Fails only for what cannot be focused.
            let _ = area.focus();
        }
    }

    /// The first that was not dismissed, and the text that it stands in.
    fn found(self) -> Option<(RawValue, Found)> {
        let text = RawValue::new(self.area.get_untracked()?.value());
        let is_new = |found: &Found| {
            let hash = hash_of(text.expose().get(found.range.clone()).unwrap_or_default());
            self.dismissed.0.with_value(|all| !all.contains(&hash))
        };
        let found = credentials_now(RawValue::new(text.expose().to_owned()))?
            .into_iter()
            .find(is_new)?;
        Some((text, found))
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What was noticed, and what can be done about it. The region is always there, so that screen readers announce it.
#[component]
pub(super) fn Alarm(guard: Guard) -> impl IntoView {
    let words = move || {
        let noticed = guard.noticed.get()?;
        let what = match noticed.service {
            Some(service) => format!("This looks like a key of {service}."),
            None => "This looks like a key or a password.".to_owned(),
        };
        let label = format!("Store it as {}", noticed.name);
        Some(view! {
            <p>
                <strong>{what}</strong>
                " In a message it would be kept in the chat, and the model would read it."
            </p>
            <div class="message-alarm__do">
                <button
                    type="button"
                    class="button button--small button--primary"
                    node_ref=guard.first
                    on:click=move |_| guard.move_out()
                >
                    {label}
                </button>
                <button type="button" class="button button--small" on:click=move |_| guard.dismiss()>
                    "It is no secret"
                </button>
            </div>
        })
    };
    view! {
        <div class="message-alarm" id="message-alarm" role="alert">
            {words}
        </div>
    }
    .erased()
}
