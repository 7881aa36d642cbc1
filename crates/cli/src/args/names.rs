//! Names, and the options that say which secrets: `--only`, `--except`, `--require`, `--wait`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::time::Duration;

use domain::SecretName;
use lexopt::Parser;

use super::{seconds, text, wrong};
use crate::failure::Failure;
use crate::help::Topic;

/// A day, the longest that a session lives.
const LONGEST_WAIT: u64 = 86_400;

/// What was said about which secrets. Each option may be given several times.
#[derive(Debug, Default)]
pub(super) struct Selection {
    only: Option<BTreeSet<SecretName>>,
    except: BTreeSet<SecretName>,
    require: BTreeSet<SecretName>,
    wait: Option<u64>,
}

/// A selection that does not contradict itself.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) only: Option<BTreeSet<SecretName>>,
    pub(super) except: BTreeSet<SecretName>,
    pub(super) require: BTreeSet<SecretName>,
    pub(super) wait: Duration,
}

impl Selection {
    pub(super) fn only(&mut self, parser: &mut Parser, topic: Topic) -> Result<(), Failure> {
        let names = names(parser, topic, "--only")?;
        self.only.get_or_insert_default().extend(names);
        Ok(())
    }

    pub(super) fn except(&mut self, parser: &mut Parser, topic: Topic) -> Result<(), Failure> {
        self.except.extend(names(parser, topic, "--except")?);
        Ok(())
    }

    pub(super) fn require(&mut self, parser: &mut Parser, topic: Topic) -> Result<(), Failure> {
        self.require.extend(names(parser, topic, "--require")?);
        Ok(())
    }

    pub(super) fn wait(&mut self, parser: &mut Parser, topic: Topic) -> Result<(), Failure> {
        self.wait = Some(seconds(parser, topic, "--wait", LONGEST_WAIT)?);
        Ok(())
    }

    /// Refuses what cannot be meant, and takes `--except` out of `--only`.
    pub(super) fn settle(self, topic: Topic) -> Result<Settled, Failure> {
        let Self {
            mut only,
            except,
            require,
            wait,
        } = self;
        if let Some(name) = require.intersection(&except).next() {
            return Err(wrong(topic, &format!("{name} is both in --require and in --except.")));
        }
        if let Some(only) = &mut only {
            only.retain(|name| !except.contains(name));
            if only.is_empty() {
                return Err(wrong(topic, "--except leaves nothing of --only."));
            }
            if let Some(name) = require.difference(only).next() {
                return Err(wrong(topic, &format!("{name} is in --require, but not in --only.")));
            }
        }
        if wait.is_some() && require.is_empty() {
            return Err(wrong(
                topic,
                "--wait waits for the names of --require, and there are none.",
            ));
        }
        Ok(Settled {
            only,
            except,
            require,
            wait: Duration::from_secs(wait.unwrap_or(0)),
        })
    }
}

/// A name that stands by itself. `NAME=value` is a slip that would put the value into a message: it is caught before the
/// rule could quote it.
pub(super) fn alone(word: OsString, topic: Topic, value: &str) -> Result<SecretName, Failure> {
    let text = word
        .into_string()
        .map_err(|_| wrong(topic, "The name is not valid UTF-8."))?;
    if text.contains('=') {
        return Err(wrong(topic, &format!("Give the name alone: {value}.")));
    }
    SecretName::parse(&text).map_err(|error| wrong(topic, &error.to_string()))
}

/// `A,B`, blanks round the commas allowed.
fn names(parser: &mut Parser, topic: Topic, option: &str) -> Result<Vec<SecretName>, Failure> {
    let text = text(parser, topic)?;
    text.split(',')
        .map(|name| name_of(name.trim(), topic, option))
        .collect()
}

fn name_of(text: &str, topic: Topic, option: &str) -> Result<SecretName, Failure> {
    SecretName::parse(text).map_err(|error| wrong(topic, &format!("{option}: {error}")))
}
