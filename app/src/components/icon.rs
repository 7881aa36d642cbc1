//! Icons, drawn for 16 by 16 pixels with one stroke width. Inline, so that they take the colour of their text; drawn once a
//! page, by the server, so that a list of a thousand does not draw each a thousand times.

use leptos::prelude::*;

use crate::erase::Erase;

/// Which icon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Activity,
    Add,
    Chat,
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
    /// The id of its drawing, as a reference.
    fn reference(self) -> &'static str {
        match self {
            Self::Activity => "#icon-activity",
            Self::Add => "#icon-add",
            Self::Chat => "#icon-chat",
            Self::Chevron => "#icon-chevron",
            Self::Close => "#icon-close",
            Self::Code => "#icon-code",
            Self::Copy => "#icon-copy",
            Self::Edit => "#icon-edit",
            Self::Eye => "#icon-eye",
            Self::EyeOff => "#icon-eye-off",
            Self::Import => "#icon-import",
            Self::Key => "#icon-key",
            Self::Keyboard => "#icon-keyboard",
            Self::Settings => "#icon-settings",
            Self::SignOut => "#icon-sign-out",
            Self::Trash => "#icon-trash",
        }
    }
}

/// An icon beside words or inside a control that has a name of its own: to screen readers it is nothing.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" width="16" height="16" aria-hidden="true">
            <use href=glyph.reference() />
        </svg>
    }
    .erased()
}
