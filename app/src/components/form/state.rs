//! One form's state: sending, waiting, saying what became of it.

use std::sync::Arc;

use domain::FieldError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, SubmitEvent};
use leptos_router::hooks::use_location;
use serde::de::DeserializeOwned;

use super::sending;
use crate::components::leave::go;
use crate::components::notice::Notice;
use crate::error::UiError;
use crate::flash::PageMemory;
use crate::next::sign_in_before;
use crate::reply::{NewToken, Reply, about_form};

/// One form: how it is sent, whether it is waiting, what is wrong with it, and what the server remembered of it.
///
/// What is submitted is never kept: it lives in the call to the server and is wiped when that is over. (An action of
/// the framework would hold it for as long as the form is there.)
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    path: &'static str,
    teller: StoredValue<Teller>,
    pub(super) errors: RwSignal<Vec<FieldError>>,
    notice: RwSignal<Option<String>>,
    /// Whether what it did is said beside it, and not in the page's notice.
    quiet: bool,
    pending: RwSignal<bool>,
    kept: StoredValue<Vec<(String, String)>>,
    token: StoredValue<Option<NewToken>>,
}

/// What is done with the value of an answer, in JSON; `false` if it is none of that form's.
type OnDone = Arc<dyn Fn(&str) -> bool + Send + Sync>;

impl FormState {
    /// The form of the server function `S`. With scripts, `on_done` runs when the server has done what was asked, with
    /// the notice shown by then, even if the reader has gone elsewhere meanwhile. Without, the form begins with what the
    /// server remembered of it.
    pub(crate) fn new<S, T>(on_done: impl Fn(T) + Send + Sync + 'static) -> Self
    where
        S: ServerFn<Output = Reply<T>, Error = UiError>,
        T: DeserializeOwned,
    {
        let on_done = move |value: &str| serde_json::from_str(value).map(&on_done).is_ok();
        Self::made(S::PATH, Arc::new(on_done))
    }

    /// One for all forms: what the compiler makes anew for each weighs kilobytes in the WASM.
    fn made(path: &'static str, on_done: OnDone) -> Self {
        let before = use_context::<PageMemory>()
            .and_then(|memory| memory.of_form(path))
            .unwrap_or_default();
        Self {
            path,
            teller: StoredValue::new(Teller::new(on_done)),
            errors: RwSignal::new(before.errors),
            notice: RwSignal::new(before.notice),
            quiet: false,
            pending: RwSignal::new(false),
            kept: StoredValue::new(before.kept),
            token: StoredValue::new(before.token),
        }
    }

    /// Where the form is sent.
    pub(crate) fn path(self) -> &'static str {
        self.path
    }

    /// Sends the form by script, once at a time.
    pub(super) fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        if self.pending.get_untracked() {
            return;
        }
        let Some(body) = sending::body_of(event) else {
            return self.show(UiError::Malformed.into());
        };
        let teller = self.teller.get_value();
        self.pending.set(true);
        spawn_local(async move {
            let answer = sending::post(self.path, body).await;
            self.pending.try_set(false);
            match answer {
                Ok(Reply::Done { notice, value }) => {
                    teller.done(self, notice);
                    if !(teller.on_done)(value.get()) {
                        self.show(UiError::Unavailable.into());
                    }
                }
                Ok(Reply::Refused(errors)) => self.show(errors),
                Ok(Reply::Elsewhere) => {}
                Err(error) => teller.failed(self, error),
            }
        });
    }

    /// Does nothing if the form is no longer there.
    fn show(self, errors: Vec<FieldError>) {
        if self.errors.try_set(errors).is_some() {
            return;
        }
        self.notice.set(None);
        let path = self.path;
        // After the errors are in the page.
        request_animation_frame(move || focus_first_error(path));
    }

    /// The same, where what it did is said beside it.
    pub(crate) fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// Forgets what became of the form when it was last sent.
    pub(super) fn forget(self) {
        self.notice.set(None);
        self.errors.set(Vec::new());
    }

    /// What the form did when it was last sent.
    pub(crate) fn notice(self) -> Option<String> {
        self.notice.get()
    }

    /// Whether the form is waiting for the server.
    pub(crate) fn pending(self) -> RwSignal<bool> {
        self.pending
    }

    /// What is wrong with a field.
    pub(crate) fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.errors.with(|all| {
                all.iter()
                    .find(|error| error.field == field)
                    .map(|error| error.message.clone())
            })
        })
    }

    /// Takes away what is said about a field, once it is typed in again.
    pub(crate) fn clear(self, field: &'static str) {
        if self
            .errors
            .with_untracked(|all| all.iter().any(|error| error.field == field))
        {
            self.errors.update(|all| all.retain(|error| error.field != field));
        }
    }

    /// Whether the server refused the form because what it is about is no longer as the page has it.
    pub(crate) fn is_outdated(self) -> bool {
        self.errors.with(|all| {
            all.iter()
                .any(|error| matches!(error.rule.as_str(), "changed" | "not_found"))
        })
    }

    /// Whether something is wrong to begin with, so that what hides the form is opened.
    pub(crate) fn has_errors(self) -> bool {
        self.errors.with_untracked(|all| !all.is_empty())
    }

    /// What was typed into a field before the server refused the form.
    pub(crate) fn kept(self, field: &str) -> Option<String> {
        self.kept.with_value(|kept| {
            kept.iter()
                .find(|(name, _)| name == field)
                .map(|(_, text)| text.clone())
        })
    }

    /// The new token that the server remembered, for the page that shows it.
    pub(crate) fn token(self) -> Option<NewToken> {
        self.token.get_value()
    }
}

/// Puts the cursor where something is wrong: into the first such field, or on the message about the whole form.
fn focus_first_error(path: &str) {
    let form = format!("form[action='{path}']");
    let found = document().query_selector(&format!("{form} [aria-invalid='true'], {form} .form-alert p"));
    if let Some(element) = found
        .ok()
        .flatten()
        .and_then(|found| found.dyn_into::<HtmlElement>().ok())
    {
        // Fails only for what cannot be focused.
        let _ = element.focus();
    }
}

/// How every form tells the reader how it went.
#[derive(Clone)]
struct Teller {
    on_done: OnDone,
    notice: Option<Notice>,
    here: Memo<String>,
    go: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Teller {
    fn new(on_done: OnDone) -> Self {
        Self {
            on_done,
            notice: use_context(),
            here: use_location().pathname,
            go: Arc::new(go()),
        }
    }

    fn done(&self, state: FormState, text: String) {
        state.errors.try_set(Vec::new());
        state.notice.try_set(Some(text.clone()));
        if let Some(notice) = self.notice.filter(|_| !state.quiet) {
            notice.show(text);
        }
    }

    fn failed(&self, state: FormState, error: UiError) {
        match error {
            UiError::SignedOut => (self.go)(&sign_in_before(&self.here.get_untracked())),
            error => state.show(error.into()),
        }
    }
}

/// As the message of a form.
impl From<UiError> for Vec<FieldError> {
    fn from(error: UiError) -> Self {
        vec![about_form("unavailable", error.to_string())]
    }
}
