//! Fetching an environment, and waiting for what is not stored yet.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::{Duration, Instant};

use domain::{EnvFormat, SecretName};
use zeroize::Zeroizing;

use crate::api::{ApiError, Client, EnvironmentQuery};
use crate::failure::Failure;
use crate::output;

/// How long the server holds one answer at most; a longer wait is made of several.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

/// Between two questions of a wait, when the server answered at once: it does so while it stops or is busy.
const PAUSE: Duration = Duration::from_secs(1);

/// What to fetch.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Only these; absent, all.
    pub(crate) only: Option<BTreeSet<SecretName>>,
    /// Without these, nothing.
    pub(crate) require: BTreeSet<SecretName>,
    /// How long to wait for the required ones.
    pub(crate) wait: Duration,
}

/// Fetches with a sandbox token. While required secrets are missing it asks again, until the time is up.
pub(crate) fn fetch(client: &Client, wanted: &Wanted, format: EnvFormat) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let deadline = Instant::now().checked_add(wanted.wait);
    let left = || {
        deadline.map_or(LONGEST_HOLD, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        })
    };
    // The first question is not held, so that a person learns at once what is being waited for.
    let mut answer = ask(client, wanted, format, Duration::ZERO);
    let mut said: Vec<String> = Vec::new();
    loop {
        let error = match answer {
            Ok(body) => return Ok(body),
            Err(error) => error,
        };
        let left = left();
        let waiting = !said.is_empty();
        match error.missing() {
            Some(missing) if !left.is_zero() => {
                if said != missing {
                    said = missing.to_vec();
                    output::note(&waiting_for(client, &said, left));
                }
            }
            None if waiting && error.is_transient() && !left.is_zero() => {}
            Some(missing) => return Err(Failure::new(still_missing(client, missing))),
            None => return Err(error.into()),
        }
        let asked = Instant::now();
        answer = ask(client, wanted, format, whole_seconds(left.min(LONGEST_HOLD)));
        if answer.is_err() && asked.elapsed() < PAUSE {
            sleep(PAUSE.min(left));
        }
    }
}

fn ask(client: &Client, wanted: &Wanted, format: EnvFormat, wait: Duration) -> Result<Zeroizing<Vec<u8>>, ApiError> {
    client.environment(&EnvironmentQuery {
        format,
        only: wanted.only.as_ref().map(|names| names.iter().collect()),
        require: wanted.require.iter().collect(),
        wait,
    })
}

/// Rounded up: the server counts in seconds, and the last fraction of one is worth waiting for too.
fn whole_seconds(duration: Duration) -> Duration {
    let more = u64::from(duration.subsec_nanos() > 0);
    Duration::from_secs(duration.as_secs().saturating_add(more))
}

fn waiting_for(client: &Client, missing: &[String], left: Duration) -> String {
    format!(
        "waiting up to {} s for {}: add {} at {}/secrets",
        whole_seconds(left).as_secs(),
        listed(missing),
        it(missing),
        client.server().origin(),
    )
}

fn still_missing(client: &Client, missing: &[String]) -> String {
    format!(
        "not stored yet: {}. Add {} at {}/secrets or with `strongroom secrets set NAME`, then run this again \
         (--wait SECONDS waits for it)",
        listed(missing),
        it(missing),
        client.server().origin(),
    )
}

fn it(names: &[String]) -> &'static str {
    if names.len() == 1 { "it" } else { "them" }
}

/// `A`, `A and B`, `A, B and C`.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_one_would_say_them() {
        assert_eq!(listed(&["A"]), "A");
        assert_eq!(listed(&["A", "B"]), "A and B");
        assert_eq!(listed(&["A", "B", "C"]), "A, B and C");
    }

    #[test]
    fn a_wait_is_rounded_up_to_seconds() {
        assert_eq!(whole_seconds(Duration::from_millis(1)).as_secs(), 1);
        assert_eq!(whole_seconds(Duration::from_secs(60)).as_secs(), 60);
        assert_eq!(whole_seconds(Duration::ZERO).as_secs(), 0);
    }
}
