//! A moment.

use domain::Timestamp;
use leptos::prelude::*;

/// A moment as its day in UTC, with the exact time on hover. The same text on the server and in the browser, whatever
/// zone either is in, so that hydration finds what it expects.
#[component]
pub(crate) fn Time(
    at: Timestamp,
    /// To the minute, for what comes and goes within a day.
    #[prop(optional)]
    minutes: bool,
) -> impl IntoView {
    let exact = at.to_rfc3339();
    let shown = if minutes { to_the_minute(&exact) } else { at.date() };
    view! { <time datetime=exact.clone() title=exact>{shown}</time> }.into_any()
}

/// `2026-01-02 03:04 UTC`, from RFC 3339's `2026-01-02T03:04:05.678Z`.
fn to_the_minute(exact: &str) -> String {
    let minute = exact.rsplit_once(':').map_or(exact, |(minute, _)| minute);
    format!("{} UTC", minute.replace('T', " "))
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
