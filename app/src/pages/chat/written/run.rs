//! One run of code: what ran, with what, what it printed, how it ended.

use domain::SecretName;
use domain::chat::{RunState, RunView};
use leptos::prelude::*;

use super::named;
use crate::erase::{Erase, Erased};

pub(super) fn of(run: RunView, gone: &[SecretName]) -> Erased {
    let with = if run.names.is_empty() {
        " · no secrets".erased()
    } else {
        view! { " · with " {named(run.names, gone)} }.erased()
    };
    let network = if run.network {
        " · network on"
    } else {
        " · no network"
    };
    let given = files("With the file ", run.given);
    let left = files("File ", run.files);
    let (class, end) = match run.state {
        RunState::Queued(ahead) => ("run__end", queued(ahead)),
        RunState::Running => ("run__end", "Running…".to_owned()),
        RunState::Ended(end) if end.well => ("run__end", end.words),
        RunState::Ended(end) => ("run__end run__end--badly", end.words),
        RunState::Cut => (
            "run__end run__end--badly",
            "The server stopped in the middle of it.".to_owned(),
        ),
    };
    // A text that is empty would be written as a space.
    let printed = (!run.output.is_empty()).then(|| view! { <code>{run.output}</code> });
    view! {
        <div class="run" role="group" aria-label=format!("{} code", run.language.title())>
            <details class="run__code">
                <summary>{run.language.title()} {with} {network}</summary>
                <pre tabindex="0">
                    <code>{run.code}</code>
                </pre>
            </details>
            {given}
            <pre class="run__output" aria-label="Output" tabindex="0">
                {printed}
                <code data-more></code>
            </pre>
            {left}
            <p class=class>{end}</p>
        </div>
    }
    .erased()
}

/// Text files, each closed until somebody looks.
fn files(what: &'static str, files: Vec<(String, String)>) -> Erased {
    let one = |(name, text)| {
        view! {
            <details class="run__file">
                <summary>{what} <code>{name}</code></summary>
                <pre tabindex="0">
                    <code>{text}</code>
                </pre>
            </details>
        }
    };
    files.into_iter().map(one).collect_view().erased()
}

fn queued(ahead: u32) -> String {
    match ahead {
        0 => "Next in the queue…".to_owned(),
        1 => "Waiting for one other run…".to_owned(),
        ahead => format!("Waiting for {ahead} other runs…"),
    }
}
