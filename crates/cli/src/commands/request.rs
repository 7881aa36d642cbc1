//! `strongroom request`: asks the user for secrets, who gives them to the server and to nobody else.

use std::time::Instant;

use domain::{Outcome, RequestStatus, Timestamp};

use crate::api::{Client, MadeRequest};
use crate::args::RequestArgs;
use crate::config::Settings;
use crate::environment::listed;
use crate::failure::{Failure, NOT_GIVEN, TIME_IS_UP};
use crate::output;
use crate::requests::refusal;
use crate::waiting::Waiting;

/// Makes the request, prints its link, and with `--wait` says what became of it.
///
/// A signal meanwhile ends this program as it ends any: there is nothing to tidy up, since the request is to stay.
pub(super) fn execute(asked: &RequestArgs) -> Result<(), Failure> {
    let client = Client::new(Settings::from_environment().connection()?)?;
    let mut request = client.make_request(&asked.draft)?;
    if request.view.status == RequestStatus::Pending {
        show(&request)?;
        if asked.wait.is_zero() {
            return Ok(());
        }
        output::note(&format!("waiting up to {} s for the answer", asked.wait.as_secs()));
        request = wait(&client, request, &Waiting::up_to(asked.wait))?;
    }
    report(&request)
}

/// The link alone on standard output, so that it can be captured; what it is for beside it.
fn show(request: &MadeRequest) -> Result<(), Failure> {
    let names = listed(&names(request));
    let until = minute(request.view.expires_at);
    match &request.url {
        Some(link) => {
            output::note(&format!(
                "asked for {names}; the answer is given at this address, until {until}:"
            ));
            output::print(&format!("{link}\n"))
        }
        None => {
            output::note(&format!(
                "asked for {names}; the answer is given where your app shows the request, until {until}"
            ));
            Ok(())
        }
    }
}

/// The request once it has ended, or as it stands when the time is up.
fn wait(client: &Client, mut request: MadeRequest, waiting: &Waiting) -> Result<MadeRequest, Failure> {
    while request.view.status == RequestStatus::Pending && !waiting.is_over() {
        let asked = Instant::now();
        match client.request(&request.view.id, waiting.hold()) {
            Ok(now) if now.view.status != RequestStatus::Pending => return Ok(now),
            Ok(now) => request = now,
            Err(error) if error.is_transient() && !waiting.is_over() => {}
            Err(error) => return Err(error.into()),
        }
        waiting.pace(asked);
    }
    Ok(request)
}

/// What became of each name. Succeeds if all of them are there.
fn report(request: &MadeRequest) -> Result<(), Failure> {
    let mut not_given = Vec::new();
    for secret in &request.view.secrets {
        match secret.outcome {
            Some(Outcome::Stored) => output::note(&format!("{} is stored", secret.name)),
            Some(Outcome::Kept) => output::note(&format!("{} was stored already and stays as it was", secret.name)),
            Some(Outcome::Skipped) | None => not_given.push(secret.name.as_str()),
        }
    }
    if not_given.is_empty() {
        return Ok(());
    }
    let status = match request.view.status {
        // Others of the same request were.
        RequestStatus::Stored => RequestStatus::Skipped,
        other => other,
    };
    Err(match refusal(status, &not_given) {
        Some(why) => Failure::with_exit(NOT_GIVEN, why),
        None => Failure::with_exit(
            TIME_IS_UP,
            format!(
                "nobody has answered yet: the request for {} can still be answered until {}",
                listed(&not_given),
                minute(request.view.expires_at),
            ),
        ),
    })
}

fn names(request: &MadeRequest) -> Vec<&str> {
    request.view.secrets.iter().map(|secret| secret.name.as_str()).collect()
}

/// `2026-01-02 03:04 UTC`.
fn minute(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    format!("{} UTC", text.get(..16).unwrap_or(&text).replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_to_the_minute() {
        assert_eq!(minute(Timestamp(1_767_323_045_678)), "2026-01-02 03:04 UTC");
    }
}
