//! Which records are shown.

use js_sys::Date;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{ACTIVITY, address};
use crate::api::activity::Asked;
use crate::erase::Erase;

/// A form that asks by its address: without scripts it loads the page anew, and a day is a day in UTC.
#[component]
pub(super) fn FilterBar(asked: Memo<Asked>) -> impl IntoView {
    let (name, agent, day) = (
        NodeRef::<Input>::new(),
        NodeRef::<Input>::new(),
        NodeRef::<Input>::new(),
    );
    let navigate = use_navigate();
    let show = move |event: SubmitEvent| {
        event.prevent_default();
        let text = |field: NodeRef<Input>| field.get_untracked().map(|field| field.value()).unwrap_or_default();
        let day = text(day);
        let new = Asked {
            name: text(name),
            agent: text(agent),
            zone: zone_on(&day),
            day,
            cursor: String::new(),
        };
        navigate(&address(ACTIVITY, &new, None), NavigateOptions::default());
    };
    let clear = move || {
        (*asked.read() != Asked::default()).then(|| {
            view! {
                <a class="button" href=ACTIVITY>
                    "Show all"
                </a>
            }
        })
    };
    view! {
        <form class="filter" method="get" action=ACTIVITY autocomplete="off" on:submit=show>
            <Filter id="name" label="Secret" kind="text" node=name value=Signal::derive(move || asked.read().name.clone()) />
            <Filter
                id="agent"
                label="Sandbox or token"
                kind="text"
                node=agent
                value=Signal::derive(move || asked.read().agent.clone())
            />
            <Filter id="day" label="Day" kind="date" node=day value=Signal::derive(move || asked.read().day.clone()) />
            <div class="filter__buttons">
                <button class="button" type="submit">
                    "Filter"
                </button>
                {clear}
            </div>
        </form>
    }
    .erased()
}

#[component]
fn Filter(
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    node: NodeRef<Input>,
    #[prop(into)] value: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="filter__field">
            <label class="label" for=id>
                {label}
            </label>
            <input
                node_ref=node
                id=id
                name=id
                class="input"
                type=kind
                spellcheck="false"
                autocapitalize="off"
                value=value.get_untracked()
                prop:value=move || value.get()
            />
        </div>
    }
    .erased()
}

/// How far the reader's clock is behind UTC when that day begins and when it ends, in minutes; empty without a day.
fn zone_on(day: &str) -> String {
    let midnight = Date::new(&JsValue::from_str(&format!("{day}T00:00:00")));
    let first = midnight.get_timezone_offset();
    midnight.set_date(midnight.get_date() + 1);
    let last = midnight.get_timezone_offset();
    // Minutes are whole numbers, and a day that is none has none: a cast makes that 0. (To write fractions takes 10 KB of WASM.)
    #[expect(clippy::cast_possible_truncation, reason = "see above")]
    let (first, last) = (first as i32, last as i32);
    if day.is_empty() {
        String::new()
    } else {
        format!("{first},{last}")
    }
}
