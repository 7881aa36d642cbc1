//! What an import would change, line by line, before anything is saved.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{RawValue, SecretName, Standing, read_import};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::web_sys::UrlSearchParams;

use crate::api::import::PreviewImport;
use crate::call;
use crate::error::UiError;
use crate::reply::Reply;

/// The preview. It remembers lines, names and choices, and no value: those stay in the field that they were pasted into.
#[derive(Clone, Copy)]
pub(super) struct Preview {
    pub(super) rows: RwSignal<Vec<Row>>,
    pub(super) problem: RwSignal<Option<String>>,
    /// Counts readings, so that an answer about an earlier one is dropped.
    reading: StoredValue<u32>,
    taken: Signal<Vec<SecretName>>,
    /// Where the file stands.
    area: NodeRef<Textarea>,
}

/// How long nobody has typed before the server is asked: it slows those down who ask often.
const PAUSE: Duration = Duration::from_millis(400);

/// One line of the file.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) written: String,
    pub(super) replaces_line: Option<usize>,
    pub(super) state: State,
}

/// What can become of a line.
#[derive(Clone)]
pub(super) enum State {
    /// It can be imported.
    Fine {
        name: SecretName,
        /// `None` where a value is stored and is still being compared, or could not be.
        standing: Option<Standing>,
        chosen: ArcRwSignal<bool>,
    },
    /// It cannot, for this reason.
    Refused(Arc<str>),
}

impl State {
    /// Whether it can be imported, and something is stored under its name.
    pub(super) fn exists(&self) -> bool {
        matches!(self, Self::Fine { standing, .. } if *standing != Some(Standing::New))
    }
}

impl Preview {
    /// An empty one; `taken` are the names that exist.
    pub(super) fn new(taken: Signal<Vec<SecretName>>, area: NodeRef<Textarea>) -> Self {
        Self {
            rows: RwSignal::default(),
            problem: RwSignal::new(None),
            reading: StoredValue::new(0),
            taken,
            area,
        }
    }

    /// Says why a file could not be taken.
    pub(super) fn refuse(self, why: &str) {
        self.problem.set(Some(why.to_owned()));
    }

    /// Reads the file anew.
    pub(super) fn read(self, file: &RawValue) {
        self.problem.set(None);
        self.reading.update_value(|reading| *reading += 1);
        // Exposed to be read as a file; nothing of the values is kept.
        let lines = read_import(file.expose());
        let taken = self.taken.get_untracked();
        let chosen_before = self.choices();
        let mut any_taken = false;
        let rows = lines.into_iter().map(|line| {
            let state = match line.becomes {
                Ok((name, _)) => {
                    let exists = taken.contains(&name);
                    any_taken |= exists;
                    let chosen = chosen_before.get(&name).copied().unwrap_or(!exists);
                    State::Fine {
                        name,
                        standing: (!exists).then_some(Standing::New),
                        chosen: ArcRwSignal::new(chosen),
                    }
                }
                Err(why) => State::Refused(why.into()),
            };
            Row {
                line: line.line,
                written: line.written,
                replaces_line: line.replaces_line,
                state,
            }
        });
        self.rows.set(rows.collect());
        if any_taken {
            let reading = self.reading.get_value();
            set_timeout(move || self.compare(reading), PAUSE);
        }
    }

    /// What was chosen for each name, which stays when the file is mended.
    fn choices(self) -> HashMap<SecretName, bool> {
        let rows = self.rows.read_untracked();
        let choice = |row: &Row| match &row.state {
            State::Fine { name, chosen, .. } => Some((name.clone(), chosen.get_untracked())),
            State::Refused(_) => None,
        };
        rows.iter().filter_map(choice).collect()
    }

    /// Asks the server which values are the same as those that are stored, unless the file was read anew meanwhile.
    fn compare(self, reading: u32) {
        let area = self.area.try_get_untracked().flatten();
        let Some(area) = area.filter(|_| self.reading.try_get_value() == Some(reading)) else {
            return;
        };
        let Some(body) = as_form(&area.value()) else { return };
        spawn_local(async move {
            let answer = call::post(PreviewImport::PATH, body).await;
            let read = |json: String| serde_json::from_str::<Reply<Vec<(SecretName, Standing)>>>(&json);
            let answer = answer.and_then(|json| read(json).map_err(|_| UiError::Unavailable));
            if self.reading.try_get_value() != Some(reading) {
                return;
            }
            match answer {
                Ok(Reply::Done { value, .. }) => self.standing(&value),
                // What is stored stays unless it is chosen: that is safe without the comparison too.
                Ok(Reply::Refused(errors)) => self.problem.set(errors.into_iter().next().map(|error| error.message)),
                Ok(Reply::Elsewhere) => {}
                Err(error) => self.problem.set(Some(error.to_string())),
            }
        });
    }

    fn standing(self, known: &[(SecretName, Standing)]) {
        self.rows.update(|rows| {
            for row in rows {
                if let State::Fine { name, standing, .. } = &mut row.state
                    && let Some((_, known)) = known.iter().find(|(known, _)| known == name)
                {
                    *standing = Some(*known);
                }
            }
        });
    }

    /// The names whose standing and choice are `wanted`, as the form sends them.
    pub(super) fn names(
        self,
        wanted: impl Fn(Option<Standing>, bool) -> bool + Send + Sync + 'static,
    ) -> impl Fn() -> String + Clone {
        let wanted = Arc::new(wanted);
        move || {
            let rows = self.rows.read();
            let names = rows.iter().filter_map(|row| match &row.state {
                State::Fine { name, standing, chosen } if wanted(*standing, chosen.get()) => Some(name.as_str()),
                _ => None,
            });
            names.collect::<Vec<_>>().join(" ")
        }
    }

    /// Sets every line's choice.
    pub(super) fn choose_all(self, choose: impl Fn(Option<Standing>) -> bool) {
        for row in &*self.rows.read_untracked() {
            if let State::Fine { standing, chosen, .. } = &row.state {
                chosen.set(choose(*standing));
            }
        }
    }

    /// How many lines will be imported, in words.
    pub(super) fn summary(self) -> String {
        let rows = self.rows.read();
        let (mut new, mut replaced, mut left) = (0, 0, 0);
        for row in &*rows {
            match &row.state {
                State::Fine { standing, chosen, .. } if chosen.get() => match standing {
                    Some(Standing::New) => new += 1,
                    _ => replaced += 1,
                },
                _ => left += 1,
            }
        }
        match rows.len() {
            0 => String::new(),
            _ => format!("{new} new, {replaced} replaced, {left} left out."),
        }
    }
}

/// The file as a form sends it; wiped when dropped.
fn as_form(file: &str) -> Option<RawValue> {
    let fields = UrlSearchParams::new().ok()?;
    fields.append("file", file);
    Some(RawValue::new(String::from(fields.to_string())))
}
