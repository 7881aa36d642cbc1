//! `strongroom env …`.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{EnvFormat, SecretName};
use lexopt::{Arg, Parser};

use super::names::Selection;
use super::{Command, text, usage, wrong};
use crate::failure::Failure;
use crate::help::Topic;

const TOPIC: Topic = Topic::Env;

/// Which environment to print, and how.
#[derive(Debug)]
pub(crate) struct EnvArgs {
    pub(crate) format: EnvFormat,
    pub(crate) only: Option<BTreeSet<SecretName>>,
    pub(crate) require: BTreeSet<SecretName>,
    pub(crate) wait: Duration,
}

pub(super) fn parse(parser: &mut Parser) -> Result<Command, Failure> {
    let mut selection = Selection::default();
    let mut format = EnvFormat::Json;
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Long("format") => {
                let text = text(parser, TOPIC)?;
                format = text
                    .parse()
                    .map_err(|_| wrong(TOPIC, "--format takes json, dotenv, shell or docker."))?;
            }
            Arg::Long("only") => selection.only(parser, TOPIC)?,
            Arg::Long("require") => selection.require(parser, TOPIC)?,
            Arg::Long("wait") => selection.wait(parser, TOPIC)?,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    let chosen = selection.settle(TOPIC)?;
    Ok(Command::Env(EnvArgs {
        format,
        only: chosen.only,
        require: chosen.require,
        wait: chosen.wait,
    }))
}
