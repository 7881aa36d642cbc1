//! A moment.

use std::cell::OnceCell;

use domain::Timestamp;
use js_sys::Intl::DateTimeFormat;
use js_sys::{Array, Date, Object, Reflect};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use crate::erase::Erase;

/// A moment as its day, with the exact time on hover.
///
/// The server knows neither the reader's zone nor language, so it writes UTC, and the browser takes that over as it is;
/// afterwards each moment is written as the reader would.
#[component]
pub(crate) fn Time(
    at: Timestamp,
    /// To the minute, for what comes and goes within a day.
    #[prop(optional)]
    minutes: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Time>::new();
    let exact = at.to_rfc3339();
    let shown = if minutes { to_the_minute(&exact) } else { at.date() };
    let utc = exact.clone();
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let how = if minutes { Manner::Minute } else { Manner::Day };
        element.set_text_content(Some(&local(at, how)));
        element.set_title(&format!("{} ({utc})", local(at, Manner::Exact)));
    });
    view! {
        <time node_ref=node datetime=exact.clone() title=exact>
            {shown}
        </time>
    }
    .erased()
}

/// `2026-01-02 03:04 UTC`, from RFC 3339's `2026-01-02T03:04:05.678Z`.
fn to_the_minute(exact: &str) -> String {
    let minute = exact.rsplit_once(':').map_or(exact, |(minute, _)| minute);
    format!("{} UTC", minute.replace('T', " "))
}

/// How much of a moment is written.
#[derive(Clone, Copy)]
enum Manner {
    Day,
    Minute,
    Exact,
}

impl Manner {
    /// What `Intl.DateTimeFormat` is told (ECMA-402, 11.1.2).
    fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Day => &[("dateStyle", "medium")],
            Self::Minute => &[("dateStyle", "medium"), ("timeStyle", "short")],
            Self::Exact => &[("dateStyle", "full"), ("timeStyle", "long")],
        }
    }
}

thread_local! {
    // Made once each: making one takes as long as writing a hundred moments.
    static FORMATS: [OnceCell<DateTimeFormat>; 3] = const { [OnceCell::new(), OnceCell::new(), OnceCell::new()] };
}

/// In the reader's language and zone. In the browser only.
fn local(at: Timestamp, how: Manner) -> String {
    FORMATS.with(|[day, minute, exact]| {
        let format = match how {
            Manner::Day => day,
            Manner::Minute => minute,
            Manner::Exact => exact,
        };
        let format = format.get_or_init(|| {
            let options = Object::new();
            for (name, value) in how.options() {
                // Fails only for objects that refuse to be written.
                let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
            }
            DateTimeFormat::new(&Array::new(), &options)
        });
        // A double holds every millisecond until the year 287396.
        #[expect(clippy::cast_precision_loss, reason = "see above")]
        let date = Date::new(&JsValue::from_f64(at.0 as f64));
        let written = format.format().call1(&JsValue::UNDEFINED, &date).ok();
        written
            .and_then(|text| text.as_string())
            .unwrap_or_else(|| at.to_rfc3339())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_to_the_minute_with_its_zone() {
        assert_eq!(
            to_the_minute(&Timestamp(1_767_323_045_678).to_rfc3339()),
            "2026-01-02 03:04 UTC"
        );
    }
}
