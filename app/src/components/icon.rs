//! Icons, drawn for 16 by 16 pixels with one stroke width. Inline, so that they take the colour of their text.

use leptos::prelude::*;

use crate::erase::Erase;

/// Which icon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Activity,
    Add,
    Chevron,
    Close,
    Code,
    Copy,
    Edit,
    Eye,
    EyeOff,
    Import,
    Key,
    Keyboard,
    Settings,
    SignOut,
    Trash,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Self::Activity => "M1.5 8h3l2-5 3 10 2-5h3",
            Self::Add => "M8 3v10M3 8h10",
            Self::Chevron => "M5 6.5 8 9.5l3-3",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Code => "m5 4.5-3.5 3.5L5 11.5M11 4.5l3.5 3.5L11 11.5",
            Self::Copy => {
                "M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Z"
            }
            Self::Edit => "M9.7 3.8 12.2 6.3M3 13l.6-3 7-7a1.2 1.2 0 0 1 1.7 0l.7.7a1.2 1.2 0 0 1 0 1.7l-7 7L3 13Z",
            Self::Eye => {
                "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z"
            }
            Self::EyeOff => {
                "M6.2 3.8A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a11 11 0 0 1-1.9 2.4M4 5a11 11 0 0 0-2.5 3S4 12.5 8 12.5a6 6 0 0 0 2.8-.7M6.7 6.7a2 2 0 0 0 2.7 2.7M2.5 2.5l11 11"
            }
            Self::Import => "M8 2.5v7M5 6.5l3 3 3-3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2",
            Self::Keyboard => {
                "M2.5 4h11a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM4 6.5h.01M6.5 6.5h.01M9 6.5h.01M11.5 6.5h.01M5 9.5h6"
            }
            Self::Key => "M7.5 8.5 13.5 2.5M11 5l2 2M8.25 10.5a2.75 2.75 0 1 1-5.5 0 2.75 2.75 0 0 1 5.5 0Z",
            Self::Settings => {
                "M2 5h7M13 5h1M2 11h1M7 11h7M11 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z"
            }
            Self::SignOut => "M6 2.5H3.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6M10.5 5l3 3-3 3M13 8H6",
            Self::Trash => {
                "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 8.1a1 1 0 0 0 1 .9h4.8a1 1 0 0 0 1-.9l.6-8.1M6.8 7v4M9.2 7v4"
            }
        }
    }
}

/// An icon beside words or inside a control that has a name of its own: to screen readers it is nothing.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=glyph.path() />
        </svg>
    }
    .erased()
}
