//! `strongroom login …`.

use lexopt::{Arg, Parser};

use super::{Command, usage, wrong};
use crate::failure::Failure;
use crate::help::Topic;

const TOPIC: Topic = Topic::Login;

/// What was given already; the rest is asked for.
#[derive(Debug)]
pub(crate) struct LoginArgs {
    pub(crate) url: Option<String>,
    pub(crate) token_stdin: bool,
}

pub(super) fn parse(parser: &mut Parser) -> Result<Command, Failure> {
    let mut asked = LoginArgs {
        url: None,
        token_stdin: false,
    };
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Long("token-stdin") => asked.token_stdin = true,
            Arg::Long("token") => {
                return Err(wrong(
                    TOPIC,
                    "A token is not given on the command line, where other programs can read it: use --token-stdin, or be asked.",
                ));
            }
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(url) if asked.url.is_none() => {
                let url = url
                    .into_string()
                    .map_err(|_| wrong(TOPIC, "The address is not valid UTF-8."))?;
                asked.url = Some(url);
            }
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    Ok(Command::Login(asked))
}
