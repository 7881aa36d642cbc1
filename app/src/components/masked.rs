//! The head of a text area that hides what is in it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::erase::Erase;

/// The label, and the eye that reveals the text. The eye is a checkbox and the rest is CSS, so it works without scripts;
/// it has no name, so it is not sent.
#[component]
pub(crate) fn MaskedHead(
    /// The id of the text area.
    of: &'static str,
    label: &'static str,
    /// What the eye does, for screen readers.
    eye: &'static str,
) -> impl IntoView {
    let reveal = format!("{of}-reveal");
    view! {
        <div class="value__head">
            <label class="label" for=of>
                {label}
            </label>
            <input class="value__reveal visually-hidden" type="checkbox" id=reveal.clone() autocomplete="off" />
            <label class="value__eye" for=reveal>
                <Icon glyph=Glyph::Eye />
                <Icon glyph=Glyph::EyeOff />
                <span class="visually-hidden">{eye}</span>
                <span class="value__show" aria-hidden="true">
                    "Show"
                </span>
                <span class="value__hide" aria-hidden="true">
                    "Hide"
                </span>
            </label>
        </div>
    }
    .erased()
}
