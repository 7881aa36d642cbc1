//! One secret that is asked for.

use domain::{AskedView, FieldSecret};
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::components::doctor::Doctor;
use crate::components::field::{TextField, Typing};
use crate::components::form::FormState;
use crate::components::time::Time;
use crate::components::value_field::ValueField;
use crate::erase::Erase;

#[component]
pub(super) fn AskedSecret(
    state: FormState,
    /// Its place among the request's secrets.
    index: usize,
    /// What the form calls its value and its description.
    names: (&'static str, &'static str),
    asked: AskedView,
    /// What is stored under its name; it may come to exist, or change, while the field is open.
    stored: Memo<Option<FieldSecret>>,
    /// Whether there are others, so that this one can be left out.
    several: bool,
) -> impl IntoView {
    let (value_name, description_name) = names;
    let part = move |part: &str| format!("answers[{index}][{part}]");
    let name = asked.name.to_string();
    let label = name.clone();
    let value = NodeRef::<Textarea>::new();
    let doctor = Doctor::of(name.clone());
    let where_from = asked.obtain_url.map(|url| {
        let host = url.host().to_owned();
        view! {
            <p class="asked__from">
                "Get it at " <a href=url.as_str().to_owned() target="_blank" rel="noopener noreferrer">{host}</a>
            </p>
        }
    });
    let words = Some(asked.description.clone())
        .filter(|words| !words.is_empty())
        .map(|words| view! { <p class="asked__for">{words}</p> });
    let at_first = stored.get_untracked();
    // The owner's own words come before those of whoever asks.
    let description = at_first
        .as_ref()
        .map(|stored| stored.description.clone())
        .filter(|own| !own.is_empty())
        .unwrap_or(asked.description);
    let exists = at_first.is_some();
    // Where something was typed for a name that was new, it is meant to be stored.
    let choice = move || {
        stored
            .get()
            .map(|stored| view! { <KeepOrReplace index stored keep=exists /> })
    };
    let skip = several.then(|| {
        view! {
            <label class="choice">
                <input type="checkbox" class="skips" name=part("skip") value="true" />
                <span>"Skip this one"</span>
            </label>
        }
    });
    view! {
        <section class="asked" aria-label=label>
            <input type="hidden" name=part("name") value=name.clone() />
            <h2 class="asked__name">
                <code>{name}</code>
            </h2>
            {words}
            {where_from}
            {choice}
            <div class="asked__value">
                <ValueField
                    state
                    name=value_name
                    label="Value"
                    hint="Kept exactly; line breaks are stored as LF. It goes straight to Strongroom."
                    autofocus=index == 0 && !exists
                    node_ref=value
                    doctor
                />
                <TextField
                    state
                    name=description_name
                    label="Description"
                    typing=Typing::TEXT
                    optional=true
                    initial=description.replace('\n', " ")
                    hint="What it opens and when to use it. Agents read this."
                />
            </div>
            {skip}
        </section>
    }
    .erased()
}

/// For a name that exists: what is stored stays, or gives way to what is typed.
#[component]
fn KeepOrReplace(index: usize, stored: FieldSecret, keep: bool) -> impl IntoView {
    let keeping = format!("answers[{index}][keep]");
    view! {
        <fieldset class="fieldset">
            <legend class="label">"You have it already, changed " <Time at=stored.changed_at /></legend>
            <input type="hidden" name=format!("answers[{index}][etag]") value=stored.etag />
            <label class="choice">
                <input type="radio" class="keeps" name=keeping.clone() value="true" checked=keep />
                <span>"Keep what is stored, and let the agent use it"</span>
            </label>
            <label class="choice">
                <input type="radio" name=keeping value="false" checked=!keep />
                <span>"Replace it"</span>
            </label>
        </fieldset>
    }
    .erased()
}
