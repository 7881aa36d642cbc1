//! `strongroom run …`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::time::Duration;

use domain::SecretName;
use lexopt::{Arg, Parser};

use super::names::Selection;
use super::{Command, seconds, text, usage, wrong};
use crate::child::Invocation;
use crate::failure::Failure;
use crate::help::Topic;

const TOPIC: Topic = Topic::Run;

/// The longest life of a session.
const LONGEST_TTL: u64 = 86_400;

/// What the server gives a session when nothing is said.
const USUAL_TTL: u64 = 900;

/// Room for fetching after a wait.
const TTL_AFTER_WAIT: u64 = 60;

/// What to run, and with which secrets.
#[derive(Debug)]
pub(crate) struct RunArgs {
    pub(crate) only: Option<BTreeSet<SecretName>>,
    pub(crate) except: BTreeSet<SecretName>,
    pub(crate) require: BTreeSet<SecretName>,
    pub(crate) wait: Duration,
    pub(crate) label: Option<String>,
    pub(crate) ttl: Option<u64>,
    /// Whether the values are taken out of what the command prints.
    pub(crate) redact: bool,
    pub(crate) command: Invocation,
}

impl RunArgs {
    /// How long the session is to live, if the server's own measure is not enough: it must not end during the wait.
    pub(crate) fn session_seconds(&self) -> Option<u64> {
        let wait = self.wait.as_secs();
        self.ttl.or_else(|| {
            let needed = wait.saturating_add(TTL_AFTER_WAIT).min(LONGEST_TTL);
            (needed > USUAL_TTL).then_some(needed)
        })
    }
}

pub(super) fn parse(parser: &mut Parser) -> Result<Command, Failure> {
    let mut selection = Selection::default();
    let (mut label, mut ttl, mut redact) = (None, None, true);
    let program: OsString = loop {
        match parser.next().map_err(|error| usage(TOPIC, &error))? {
            Some(Arg::Long("only")) => selection.only(parser, TOPIC)?,
            Some(Arg::Long("except")) => selection.except(parser, TOPIC)?,
            Some(Arg::Long("require")) => selection.require(parser, TOPIC)?,
            Some(Arg::Long("wait")) => selection.wait(parser, TOPIC)?,
            Some(Arg::Long("label")) => label = Some(text(parser, TOPIC)?),
            Some(Arg::Long("ttl")) => ttl = Some(seconds(parser, TOPIC, "--ttl", LONGEST_TTL)?),
            Some(Arg::Long("no-redact")) => redact = false,
            Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Command::Help(TOPIC)),
            Some(Arg::Value(program)) => break program,
            Some(other) => return Err(usage(TOPIC, &other.unexpected())),
            None => return Err(wrong(TOPIC, "Which command is to be run? strongroom run -- COMMAND.")),
        }
    };
    // From the program on, every word is the command's own, options and `--` too.
    let arguments = parser.raw_args().map_err(|error| usage(TOPIC, &error))?.collect();
    let chosen = selection.settle(TOPIC)?;
    Ok(Command::Run(RunArgs {
        only: chosen.only,
        except: chosen.except,
        require: chosen.require,
        wait: chosen.wait,
        label,
        ttl,
        redact,
        command: Invocation { program, arguments },
    }))
}

/// The words that `run` gave to itself: a program and its arguments.
pub(super) fn parse_monitor(parser: &mut Parser) -> Result<Command, Failure> {
    let mut words = parser.raw_args().map_err(|error| usage(TOPIC, &error))?;
    let program = words
        .next()
        .ok_or_else(|| wrong(TOPIC, "Which command is to be run? strongroom run -- COMMAND."))?;
    Ok(Command::Monitor(Invocation {
        program,
        arguments: words.collect(),
    }))
}
