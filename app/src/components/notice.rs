//! One sentence about what was just done.

use std::time::Duration;

use leptos::prelude::*;

use crate::erase::Erase;

const SHOWN_FOR: Duration = Duration::from_secs(7);

/// The context through which a form says what it has done.
#[derive(Clone, Copy)]
pub(crate) struct Notice {
    text: RwSignal<Option<String>>,
    count: StoredValue<u32>,
}

impl Notice {
    /// One that begins with what the server remembered for this page.
    pub(crate) fn new(text: Option<String>) -> Self {
        Self {
            text: RwSignal::new(text.filter(|text| !text.is_empty())),
            count: StoredValue::new(0),
        }
    }

    /// Shows a sentence, and takes it away after a while unless another has replaced it. Nothing for an empty one.
    pub(crate) fn show(self, text: String) {
        if text.is_empty() {
            return;
        }
        self.text.set(Some(text));
        self.count.update_value(|count| *count += 1);
        let shown = self.count.get_value();
        set_timeout(
            move || {
                if self.count.get_value() == shown {
                    self.text.set(None);
                }
            },
            SHOWN_FOR,
        );
    }
}

/// Where the sentence appears. The region is always there: screen readers announce what changes inside one.
#[component]
pub(crate) fn NoticeBar() -> impl IntoView {
    let notice = use_context::<Notice>();
    let text = move || notice.and_then(|notice| notice.text.get());
    view! {
        <div class="notice-bar" role="status">
            {move || text().map(|text| view! { <p class="notice">{text}</p> })}
        </div>
    }
    .erased()
}
