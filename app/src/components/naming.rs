//! How to name a secret so that an agent finds the right one.

use leptos::prelude::*;

use crate::erase::Erase;

/// Pattern, example, and what it is for.
const PATTERNS: [(&str, &str, &str); 4] = [
    (
        "SERVICE_API_KEY",
        "OPENAI_API_KEY",
        "The key that a service gave you for its API",
    ),
    (
        "SERVICE_BEARER_TOKEN",
        "X_BEARER_TOKEN",
        "A token sent as “Authorization: Bearer”",
    ),
    (
        "SERVICE_SECRET",
        "STRIPE_SECRET",
        "Any other secret or password of a service",
    ),
    ("DB_PASSWORD", "POSTGRES_PASSWORD", "The password of a database"),
];

/// The table of conventions.
#[component]
pub(crate) fn NamingTable() -> impl IntoView {
    let row = |(pattern, example, meaning): (&'static str, &'static str, &'static str)| {
        view! {
            <tr>
                <td>
                    <code>{pattern}</code>
                </td>
                <td>
                    <code>{example}</code>
                </td>
                <td>{meaning}</td>
            </tr>
        }
    };
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Naming conventions">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Pattern"</th>
                        <th scope="col">"Example"</th>
                        <th scope="col">"For"</th>
                    </tr>
                </thead>
                <tbody>{PATTERNS.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .erased()
}
