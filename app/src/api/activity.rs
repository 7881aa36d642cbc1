//! What was done, as the owner reads it.

use domain::{ActivityView, Page};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;

#[cfg(feature = "ssr")]
use crate::ssr;
#[cfg(feature = "ssr")]
use domain::{SecretName, Timestamp, normalise};
#[cfg(feature = "ssr")]
use vault::ActivityFilter;

/// Records on one page.
#[cfg(feature = "ssr")]
const A_PAGE: u32 = 50;

/// Which records are asked for, as the page's address says it. What is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// A secret.
    #[serde(default)]
    pub name: String,
    /// A part of a sandbox's or a token's label.
    #[serde(default)]
    pub agent: String,
    /// A day, `2026-01-02`.
    #[serde(default)]
    pub day: String,
    /// Minutes that the reader's clock is behind UTC when that day begins and when it ends, as JavaScript's
    /// `getTimezoneOffset` counts them: `-60,-120` where summer time begins.
    #[serde(default)]
    pub zone: String,
    /// `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: String,
}

/// A page of the account's records.
#[server(name = ListActivity, prefix = "/api/ui", endpoint = "/list-activity")]
pub(crate) async fn list_activity(#[server(flatten)] asked: Asked) -> Result<Page<ActivityView>, UiError> {
    let actor = ssr::actor().await?;
    let cursor = Some(asked.cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let Some(filter) = filter(&asked) else {
        return Ok(Page {
            items: Vec::new(),
            next_cursor: None,
        });
    };
    ssr::backend()?
        .vault
        .activity()
        .list(&actor, &filter, cursor, A_PAGE)
        .await
        .map_err(|error| ssr::unreadable(&error))
}

/// What is asked for, in the vault's terms; `None` where no record can be meant: a name that none can have, no day.
#[cfg(feature = "ssr")]
pub fn filter(asked: &Asked) -> Option<ActivityFilter> {
    let (name, day) = (asked.name.trim(), asked.day.trim());
    let name = match name {
        "" => None,
        name => Some(SecretName::from_stored(&normalise(name)).ok()?),
    };
    let (from, until) = match day {
        "" => (None, None),
        day => {
            let behind = |minutes: Option<&str>| {
                let minutes = minutes
                    .and_then(|minutes| minutes.trim().parse::<i64>().ok())
                    .unwrap_or(0);
                minutes.clamp(-1_440, 1_440) * 60_000
            };
            let mut zone = asked.zone.split(',');
            let (first, last) = (behind(zone.next()), behind(zone.next()));
            let start = Timestamp::of_date(day)?.0;
            (
                Some(Timestamp(start + first)),
                Some(Timestamp(start + last + 86_400_000)),
            )
        }
    };
    let agent = Some(asked.agent.trim().to_owned()).filter(|agent| !agent.is_empty());
    Some(ActivityFilter {
        name,
        agent,
        from,
        until,
    })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn asked(name: &str, day: &str, zone: &str) -> Asked {
        Asked {
            name: name.to_owned(),
            day: day.to_owned(),
            zone: zone.to_owned(),
            ..Asked::default()
        }
    }

    #[test]
    fn a_day_is_the_readers_own() {
        let range = |zone: &str| filter(&asked("", "1970-01-02", zone)).map(|filter| (filter.from, filter.until));
        let day = |start: i64| Some((Some(Timestamp(start)), Some(Timestamp(start + 86_400_000))));
        assert_eq!(range(""), day(86_400_000));
        // Berlin in winter is an hour ahead, so its day begins an hour earlier.
        assert_eq!(range("-60,-60"), day(86_400_000 - 3_600_000));
        // Where summer time begins it has 23 hours.
        let short = range("-60,-120").and_then(|(from, until)| Some(until?.0 - from?.0));
        assert_eq!(short, Some(23 * 3_600_000));
        assert_eq!(range("nonsense"), day(86_400_000));
    }

    #[test]
    fn what_no_record_can_have_finds_nothing() {
        assert_eq!(filter(&asked("Ü", "", "")), None);
        assert_eq!(filter(&asked("", "tomorrow", "")), None);
        assert_eq!(filter(&asked("", "", "")), Some(ActivityFilter::default()));
    }
}
