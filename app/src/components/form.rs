//! What forms have in common: sending, waiting, saying what is wrong.

use domain::FieldError;
use leptos::form::ActionForm;
use leptos::html::Form;
use leptos::prelude::*;
use leptos::server_fn::Http;
use leptos::server_fn::ServerFn;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::request::ClientReq;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{FormData, HtmlElement};
use leptos_router::hooks::use_location;
use serde::de::DeserializeOwned;

use super::leave::go;
use super::notice::Notice;
use crate::error::UiError;
use crate::flash::PageMemory;
use crate::next::sign_in_before;
use crate::reply::{NewToken, Reply, about_form};

/// One form's errors, whether it is waiting, and what the server remembered of it.
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    path: &'static str,
    errors: RwSignal<Vec<FieldError>>,
    kept: StoredValue<Vec<(String, String)>>,
    token: StoredValue<Option<NewToken>>,
    pending: Memo<bool>,
}

impl FormState {
    /// Watches an action. With scripts, `on_done` runs when the server has done what the form asked; the notice is
    /// shown by then. Without, the form begins with what the server remembered of it.
    pub(crate) fn new<S, T>(action: ServerAction<S>, on_done: impl Fn(T) + 'static) -> Self
    where
        S: ServerFn<Output = Reply<T>, Error = UiError> + Clone + Send + Sync + 'static,
        T: Clone + Send + Sync + 'static,
    {
        let pending = action.pending();
        let state = Self::remembered(S::PATH, pending);
        let notice = use_context::<Notice>();
        let here = use_location().pathname;
        let go = go();
        Effect::new(move |_| {
            let Some(answer) = action.value().get() else { return };
            // Neither what was submitted nor what came back stays in memory longer than it is of use.
            action.input().set(None);
            match answer {
                Ok(Reply::Done { notice: text, value }) => {
                    state.errors.set(Vec::new());
                    action.value().set(None);
                    if let Some(notice) = notice {
                        notice.show(text);
                    }
                    on_done(value);
                }
                Ok(Reply::Refused(errors)) => state.show(errors),
                Ok(Reply::Elsewhere) => {}
                Err(UiError::SignedOut) => go(&sign_in_before(&here.get_untracked())),
                Err(error) => state.show(vec![about_form("unavailable", error.to_string())]),
            }
        });
        state
    }

    fn remembered(path: &'static str, pending: Memo<bool>) -> Self {
        let before = use_context::<PageMemory>()
            .and_then(|memory| memory.of_form(path))
            .unwrap_or_default();
        Self {
            path,
            errors: RwSignal::new(before.errors),
            kept: StoredValue::new(before.kept),
            token: StoredValue::new(before.token),
            pending,
        }
    }

    fn show(self, errors: Vec<FieldError>) {
        self.errors.set(errors);
        let path = self.path;
        // After the errors are in the page.
        request_animation_frame(move || focus_first_error(path));
    }

    /// Whether the form is waiting for the server.
    pub(crate) fn pending(self) -> Memo<bool> {
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

/// The form of a server function. Posts by itself without scripts, and as an action with them.
///
/// Autocompletion is off unless asked for: a browser then neither offers old values nor refills them after Back.
#[component]
pub(crate) fn UiForm<S, O>(
    action: ServerAction<S>,
    state: FormState,
    #[prop(optional)] class: &'static str,
    /// For forms that a password manager should know: sign-in, sign-up, change of password.
    #[prop(optional)]
    autocomplete: bool,
    /// The fields whose errors stand beside them; all others are shown at the top.
    #[prop(optional)]
    fields: &'static [&'static str],
    /// The form itself, for whoever has to empty it.
    #[prop(optional)]
    node_ref: NodeRef<Form>,
    children: Children,
) -> impl IntoView
where
    S: DeserializeOwned + ServerFn<Protocol = Http<PostUrl, O>, Error = UiError> + Clone + Send + Sync + 'static,
    S::Client: Client<UiError>,
    <<S::Client as Client<UiError>>::Request as ClientReq<UiError>>::FormData: From<FormData>,
    S::Output: Send + Sync + 'static,
    O: 'static,
{
    let inside = view! { <FormAlert state fields /> {children()} }.into_any();
    view! {
        <ActionForm
            action=action
            node_ref=node_ref
            attr:class=class
            attr:autocomplete=if autocomplete { "on" } else { "off" }
            attr:novalidate=true
        >
            {inside}
        </ActionForm>
    }
    .into_any()
}

/// What is wrong with the form as a whole. The region is always there, so that screen readers announce what appears.
#[component]
fn FormAlert(state: FormState, fields: &'static [&'static str]) -> impl IntoView {
    let messages = move || {
        let of_form = |error: &&FieldError| !fields.contains(&error.field.as_str());
        state.errors.with(|all| {
            all.iter()
                .filter(of_form)
                .map(|error| error.message.clone())
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="form-alert" role="alert">
            {move || {
                messages()
                    .into_iter()
                    .map(|message| view! { <p class="alert alert--error" tabindex="-1">{message}</p> })
                    .collect_view()
            }}
        </div>
    }
    .into_any()
}

/// The button that sends the form. Says that it is waiting, and cannot be pressed twice.
#[component]
pub(crate) fn Submit(
    state: FormState,
    #[prop(into)] label: String,
    #[prop(into)] waiting: String,
    #[prop(default = "button button--primary")] class: &'static str,
) -> impl IntoView {
    let pending = state.pending();
    let text = move || if pending.get() { waiting.clone() } else { label.clone() };
    view! {
        <button type="submit" class=class disabled=move || pending.get()>
            {text}
        </button>
    }
    .into_any()
}
