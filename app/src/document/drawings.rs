//! The drawings of all icons, which pages refer to.

use leptos::prelude::*;

/// Id and path of each.
const DRAWINGS: [(&str, &str); 16] = [
    ("icon-activity", "M1.5 8h3l2-5 3 10 2-5h3"),
    ("icon-add", "M8 3v10M3 8h10"),
    (
        "icon-chat",
        "M2.5 3h11a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H7L4 14v-2.5H2.5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z",
    ),
    ("icon-chevron", "M5 6.5 8 9.5l3-3"),
    ("icon-close", "m4 4 8 8M12 4l-8 8"),
    ("icon-code", "m5 4.5-3.5 3.5L5 11.5M11 4.5l3.5 3.5L11 11.5"),
    (
        "icon-copy",
        "M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Z",
    ),
    (
        "icon-edit",
        "M9.7 3.8 12.2 6.3M3 13l.6-3 7-7a1.2 1.2 0 0 1 1.7 0l.7.7a1.2 1.2 0 0 1 0 1.7l-7 7L3 13Z",
    ),
    (
        "icon-eye",
        "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
    ),
    (
        "icon-eye-off",
        "M6.2 3.8A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a11 11 0 0 1-1.9 2.4M4 5a11 11 0 0 0-2.5 3S4 12.5 8 12.5a6 6 0 0 0 2.8-.7M6.7 6.7a2 2 0 0 0 2.7 2.7M2.5 2.5l11 11",
    ),
    (
        "icon-import",
        "M8 2.5v7M5 6.5l3 3 3-3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2",
    ),
    (
        "icon-key",
        "M7.5 8.5 13.5 2.5M11 5l2 2M8.25 10.5a2.75 2.75 0 1 1-5.5 0 2.75 2.75 0 0 1 5.5 0Z",
    ),
    (
        "icon-keyboard",
        "M2.5 4h11a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM4 6.5h.01M6.5 6.5h.01M9 6.5h.01M11.5 6.5h.01M5 9.5h6",
    ),
    (
        "icon-settings",
        "M2 5h7M13 5h1M2 11h1M7 11h7M11 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
    ),
    (
        "icon-sign-out",
        "M6 2.5H3.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6M10.5 5l3 3-3 3M13 8H6",
    ),
    (
        "icon-trash",
        "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 8.1a1 1 0 0 0 1 .9h4.8a1 1 0 0 0 1-.9l.6-8.1M6.8 7v4M9.2 7v4",
    ),
];

/// Behind everything else in the page, and not seen itself.
#[component]
pub(super) fn Drawings() -> impl IntoView {
    view! {
        <svg class="drawings" width="0" height="0" aria-hidden="true">
            {DRAWINGS
                .map(|(id, path)| {
                    view! {
                        <symbol id=id viewBox="0 0 16 16">
                            <path d=path />
                        </symbol>
                    }
                })
                .collect_view()}
        </svg>
    }
}
