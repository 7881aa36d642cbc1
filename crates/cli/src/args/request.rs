//! `strongroom request …`.

use std::time::Duration;

use domain::{Description, ObtainUrl, RequestDraft, RequestedDraft, SecretRequest};
use lexopt::{Arg, Parser};

use super::{Command, names, seconds, text, usage, wrong};
use crate::failure::Failure;
use crate::help::Topic;

const TOPIC: Topic = Topic::Request;

/// No request lives longer, so no wait for one does.
const LONGEST: u64 = *SecretRequest::TTL.end();

/// What to ask for. The texts that have no rule of their own here are left to the server's.
#[derive(Debug)]
pub(crate) struct RequestArgs {
    pub(crate) draft: RequestDraft,
    pub(crate) wait: Duration,
}

pub(super) fn parse(parser: &mut Parser) -> Result<Command, Failure> {
    let mut draft = RequestDraft::default();
    let (mut about_one, mut wait) = (RequestedDraft::default(), 0);
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Long("why") => draft.reason = Some(text(parser, TOPIC)?),
            Arg::Long("by") => draft.requested_by = Some(text(parser, TOPIC)?),
            Arg::Long("description") => {
                let text = text(parser, TOPIC)?;
                Description::parse(&text).map_err(|error| wrong(TOPIC, &error.to_string()))?;
                about_one.description = Some(text);
            }
            Arg::Long("from") => {
                let text = text(parser, TOPIC)?;
                ObtainUrl::parse(&text).map_err(|error| wrong(TOPIC, &format!("--from: {error}")))?;
                about_one.obtain_url = Some(text);
            }
            Arg::Long("ttl") => draft.ttl_seconds = Some(seconds(parser, TOPIC, "--ttl", LONGEST)?),
            Arg::Long("wait") => wait = seconds(parser, TOPIC, "--wait", LONGEST)?,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(word) => draft.secrets.push(RequestedDraft {
                name: names::alone(word, TOPIC, "the value is given by the person who is asked")?.to_string(),
                ..RequestedDraft::default()
            }),
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    match draft.secrets.as_mut_slice() {
        [] => return Err(wrong(TOPIC, "Which secrets? Give their names.")),
        [only] => {
            only.description = about_one.description;
            only.obtain_url = about_one.obtain_url;
        }
        _ if about_one != RequestedDraft::default() => {
            return Err(wrong(
                TOPIC,
                "--description and --from are about one secret: ask for each of them by itself.",
            ));
        }
        _ => {}
    }
    // It must not lapse during the wait.
    if wait > SecretRequest::DEFAULT_TTL {
        draft.ttl_seconds.get_or_insert(wait);
    }
    Ok(Command::Request(RequestArgs {
        draft,
        wait: Duration::from_secs(wait),
    }))
}
