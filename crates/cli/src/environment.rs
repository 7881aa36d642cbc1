//! Fetching an environment, and waiting for what is not stored yet.

mod missing;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::{EnvFormat, SecretName};
use zeroize::Zeroizing;

use crate::api::{ApiError, Client, EnvironmentQuery};
use crate::failure::Failure;
use crate::output;
use crate::waiting::Waiting;
use missing::Missing;

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

/// Fetches with a sandbox token. While required secrets are missing it asks again, until the time is up or the request
/// that the server has made for them is over.
pub(crate) fn fetch(client: &Client, wanted: &Wanted, format: EnvFormat) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let waiting = Waiting::up_to(wanted.wait);
    // The first question is not held, so that a person learns at once what is being waited for, and where to give it.
    let mut answer = ask(client, wanted, format, Duration::ZERO);
    let mut told: Option<Missing> = None;
    loop {
        let error = match answer {
            Ok(body) => return Ok(body),
            Err(error) => error,
        };
        match Missing::in_refusal(&error) {
            Some(missing) => {
                missing.refused(client, told.as_ref())?;
                if waiting.is_over() {
                    return Err(missing.not_stored_yet(client));
                }
                if !told.as_ref().is_some_and(|told| missing.is_as_told(told)) {
                    output::note(&missing.waiting_for(client, waiting.left()));
                }
                told = Some(missing);
            }
            None if told.is_some() && error.is_transient() && !waiting.is_over() => {}
            None => return Err(error.into()),
        }
        let asked = Instant::now();
        answer = ask(client, wanted, format, waiting.hold());
        if answer.is_err() {
            waiting.pace(asked);
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
}
