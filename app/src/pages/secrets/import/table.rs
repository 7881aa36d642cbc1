//! The preview of an import as a table.

use domain::Standing;
use leptos::prelude::*;

use super::preview::{Preview, Row, State};
use crate::erase::Erase;

/// The table, and what of it the form sends.
#[component]
pub(super) fn PreviewTable(preview: Preview) -> impl IntoView {
    let replace = preview.names(|standing, chosen| chosen && standing != Some(Standing::New));
    let skip = preview.names(|_, chosen| !chosen);
    let hydrated = RwSignal::new(false);
    Effect::new(move |_| hydrated.set(true));
    let table = move || {
        let rows = preview.rows.get();
        (!rows.is_empty()).then(|| {
            view! {
                <div class="table-frame preview" tabindex="0" role="region" aria-label="What would change">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">"Import"</th>
                                <th scope="col">"Line"</th>
                                <th scope="col">"Name"</th>
                                <th scope="col">"What happens"</th>
                            </tr>
                        </thead>
                        <tbody>{rows.into_iter().map(|row| view! { <PreviewRow row /> }).collect_view()}</tbody>
                    </table>
                </div>
            }
        })
    };
    let any_taken = move || preview.rows.read().iter().any(|row| row.state.exists());
    let all = move || {
        any_taken().then(|| {
            view! {
                <p class="preview__all">
                    "Names that you have already: "
                    <button
                        type="button"
                        class="link-button"
                        on:click=move |_| preview.choose_all(|standing| standing == Some(Standing::New))
                    >
                        "keep all"
                    </button>
                    " or "
                    <button
                        type="button"
                        class="link-button"
                        on:click=move |_| preview.choose_all(|standing| standing != Some(Standing::Same))
                    >
                        "replace all that differ"
                    </button>
                </p>
            }
        })
    };
    view! {
        <input type="hidden" name="decided" value="false" prop:value=move || hydrated.get().to_string() />
        <input type="hidden" name="replace" value="" prop:value=replace />
        <input type="hidden" name="skip" value="" prop:value=skip />
        <p class="alert alert--error" role="alert" hidden=move || preview.problem.read().is_none()>
            {move || preview.problem.get()}
        </p>
        {all}
        {table}
        <p class="preview__summary" role="status">
            {move || preview.summary()}
        </p>
    }
    .erased()
}

#[component]
fn PreviewRow(row: Row) -> impl IntoView {
    let twice = row
        .replaces_line
        .map(|line| format!(" Line {line} sets it too, and does not count."));
    let (choice, name, what) = match row.state {
        State::Fine { name, standing, chosen } => {
            let mapped = (row.written != name.as_str()).then(|| {
                view! {
                    <span class="preview__written">
                        <code>{row.written.clone()}</code>
                        " becomes "
                    </span>
                }
            });
            let (shown, set) = (chosen.clone(), chosen.clone());
            let what = move || match (standing, chosen.get()) {
                (Some(Standing::New), true) => "New",
                (Some(Standing::New), false) => "Left out",
                (Some(Standing::Same), false) => "The same value is stored",
                (Some(Standing::Same), true) => "Stored again, the same value",
                (Some(Standing::Different) | None, true) => "Replaces the stored value",
                (Some(Standing::Different), false) => "Another value is stored, and kept",
                (None, false) => "A value is stored, and kept",
            };
            let label = format!("Import {name}");
            let choice = view! {
                <input
                    type="checkbox"
                    class="preview__choice"
                    aria-label=label
                    prop:checked=move || shown.get()
                    on:change=move |event| set.set(event_target_checked(&event))
                />
            };
            let name = view! {
                {mapped}
                <code>{name.to_string()}</code>
            };
            (choice.erased(), name.erased(), view! { {what} {twice} }.erased())
        }
        State::Refused(why) => {
            let name = (!row.written.is_empty()).then(|| view! { <code>{row.written}</code> });
            let what = view! { <span class="preview__refused">{why.to_string()}</span> };
            ("–".erased(), name.erased(), what.erased())
        }
    };
    view! {
        <tr>
            <td>{choice}</td>
            <td>{row.line}</td>
            <td>{name}</td>
            <td>{what}</td>
        </tr>
    }
    .erased()
}
