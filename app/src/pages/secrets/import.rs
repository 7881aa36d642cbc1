//! Importing a `.env` file.

mod preview;
mod table;

use domain::RawValue;
use leptos::__reexports::wasm_bindgen_futures::JsFuture;
use leptos::ev::{DragEvent, Event};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{File, HtmlInputElement};
use leptos_meta::Title;

use self::preview::Preview;
use self::table::PreviewTable;
use super::add::empty;
use super::beneath::Beneath;
use crate::api::import::ImportSecrets;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::masked::MaskedHead;
use crate::erase::Erase;
use crate::handover::Handover;
use crate::next::HOME;

/// Longer than any account's values together, with room for comments: 2 MiB.
const LONGEST_FILE: f64 = 2_097_152.0;

#[component]
pub(crate) fn ImportDialog() -> impl IntoView {
    let beneath = Beneath::new();
    let area = NodeRef::<Textarea>::new();
    let finish = beneath.finish();
    let preview = Preview::new(beneath.names(), area);
    let state = FormState::new::<ImportSecrets, _>(move |()| {
        empty(area);
        finish();
    });
    let take = move |text: RawValue| {
        if let Some(area) = area.get_untracked() {
            // Exposed to stand in the field that it is imported from.
            area.set_value(text.expose());
        }
        preview.read(&text);
    };
    let handover = use_context::<Handover>();
    Effect::new(move |_| {
        if area.get().is_some()
            && let Some(text) = handover.and_then(Handover::take)
        {
            take(text);
        }
    });
    view! {
        <Title text="Import secrets · Strongroom" />
        <Dialog title="Import a .env file" back=HOME wide=true>
            <UiForm state class="form">
                <FileField area preview take />
                <PreviewTable preview />
                <WithoutPreview state />
                <div class="dialog__foot">
                    <Cancel back=HOME />
                    <Submit state label="Import" waiting="Importing…" />
                </div>
            </UiForm>
        </Dialog>
    }
    .erased()
}

/// Where the file is pasted, dropped or chosen. Masked like a value, for it holds them.
#[component]
fn FileField(
    area: NodeRef<Textarea>,
    preview: Preview,
    take: impl Fn(RawValue) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let read = move |file: File| read_file(file, take, preview);
    let on_drop = move |event: DragEvent| {
        let file = event
            .data_transfer()
            .and_then(|data| data.files())
            .and_then(|files| files.item(0));
        if let Some(file) = file {
            event.prevent_default();
            read(file);
        }
    };
    let on_choice = move |event: Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input
            .as_ref()
            .and_then(HtmlInputElement::files)
            .and_then(|files| files.item(0));
        if let Some(file) = file {
            read(file);
        }
        if let Some(input) = input {
            // So that choosing the same file again, mended meanwhile, is a choice too.
            input.set_value("");
        }
    };
    view! {
        <div class="field value">
            <MaskedHead of="file" label="Content of the file" eye="Show what is pasted" />
            <textarea
                node_ref=area
                id="file"
                name="file"
                class="input input--mono value__input"
                rows="4"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                translate="no"
                autofocus
                data-1p-ignore="true"
                data-lpignore="true"
                data-bwignore="true"
                data-form-type="other"
                data-gramm="false"
                aria-describedby="file-hint"
                // A browser drops a file only where that is said; elsewhere it opens it.
                on:dragover=|event| event.prevent_default()
                on:drop=on_drop
                on:input=move |event| preview.read(&RawValue::new(event_target_value(&event)))
            ></textarea>
            <div class="note">
                <p class="note__hint" id="file-hint">
                    "Paste it, or drop the file here. Nothing is saved before you have seen what would change."
                </p>
            </div>
            <label class="button button--small needs-script file-choice">
                "Choose a file…"
                // Not sent: its content goes into the field above.
                <input class="visually-hidden" type="file" on:change=on_choice />
            </label>
        </div>
    }
    .erased()
}

/// What has to be decided for the whole file where scripts do not show it line by line.
#[component]
fn WithoutPreview(state: FormState) -> impl IntoView {
    let replace = state.kept("existing").is_some_and(|kept| kept == "replace");
    let leave_out = state.kept("leave_out").is_some_and(|kept| !kept.is_empty());
    view! {
        <div class="without-script">
            <fieldset class="fieldset">
                <legend class="label">"Names that you have already"</legend>
                <label class="choice">
                    <input type="radio" name="existing" value="keep" checked=!replace />
                    <span>"Keep what is stored"</span>
                </label>
                <label class="choice">
                    <input type="radio" name="existing" value="replace" checked=replace />
                    <span>"Replace it by the file's value"</span>
                </label>
            </fieldset>
            <label class="choice">
                <input type="checkbox" name="leave_out" value="true" checked=leave_out />
                <span>"Leave out lines that cannot be imported"</span>
            </label>
        </div>
    }
    .erased()
}

/// Reads a file as UTF-8. One that is no text, or far too long, is refused rather than mangled.
fn read_file(file: File, take: impl Fn(RawValue) + 'static, preview: Preview) {
    if file.size() > LONGEST_FILE {
        return preview.refuse("That file is longer than 2 MiB, which is more than an account can hold.");
    }
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await;
        match text.ok().and_then(|text| text.as_string()) {
            // What is not UTF-8 was turned into this sign.
            Some(text) if !text.contains('\u{FFFD}') => take(RawValue::new(text)),
            Some(_) => preview.refuse("That file is not UTF-8 text. Save it as UTF-8, then choose it again."),
            None => preview.refuse("That file could not be read. Choose it again, or paste its content."),
        }
    });
}
