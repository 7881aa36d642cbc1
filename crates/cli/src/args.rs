//! What was typed after `strongroom`.

mod env;
mod login;
mod names;
mod request;
mod run;
mod secrets;

use std::ffi::OsString;

pub(crate) use env::EnvArgs;
use lexopt::{Arg, Parser};
pub(crate) use login::LoginArgs;
pub(crate) use request::RequestArgs;
pub(crate) use run::RunArgs;
pub(crate) use secrets::{ImportArgs, SecretsCommand, SetArgs};

use crate::child::Invocation;
use crate::failure::{Failure, OWN_FAILURE, USAGE};
use crate::help::Topic;

/// The word by which `run` starts this program once more, to lead the session of a command at a terminal of its own.
/// No user's: it stands in no help.
pub(crate) const MONITOR: &str = "__monitor";

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Command {
    Run(RunArgs),
    Monitor(Invocation),
    Request(RequestArgs),
    Secrets(SecretsCommand),
    Env(EnvArgs),
    Login(LoginArgs),
    Logout,
    Help(Topic),
    Version,
}

/// Reads the command line, the program's own name first.
pub(crate) fn parse(words: Vec<OsString>) -> Result<Command, Failure> {
    let mut parser = Parser::from_iter(words);
    let word = match parser.next().map_err(|error| usage(Topic::Main, &error))? {
        None => return Err(wrong(Topic::Main, "What is to be done?")),
        Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Command::Help(Topic::Main)),
        Some(Arg::Short('V') | Arg::Long("version")) => return Ok(Command::Version),
        Some(Arg::Value(word)) => word,
        Some(other) => return Err(usage(Topic::Main, &other.unexpected())),
    };
    match word.to_str() {
        Some("run") => run::parse(&mut parser),
        Some(MONITOR) => run::parse_monitor(&mut parser),
        Some("request") => request::parse(&mut parser),
        Some("secrets") => secrets::parse(&mut parser),
        Some("env") => env::parse(&mut parser),
        Some("login") => login::parse(&mut parser),
        Some("logout") => end(&mut parser, Topic::Logout, Command::Logout),
        Some("help") => help(&mut parser),
        _ => Err(wrong(Topic::Main, "There is no such command.")),
    }
}

fn help(parser: &mut Parser) -> Result<Command, Failure> {
    match parser.next().map_err(|error| usage(Topic::Main, &error))? {
        None => Ok(Command::Help(Topic::Main)),
        Some(Arg::Value(word)) => match word.to_str().and_then(Topic::of) {
            Some(topic) => Ok(Command::Help(topic)),
            None => Err(wrong(Topic::Main, "There is no such command.")),
        },
        Some(other) => Err(usage(Topic::Main, &other.unexpected())),
    }
}

/// Nothing more may follow but a call for help.
fn end(parser: &mut Parser, topic: Topic, command: Command) -> Result<Command, Failure> {
    match parser.next().map_err(|error| usage(topic, &error))? {
        None => Ok(command),
        Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Help(topic)),
        Some(other) => Err(usage(topic, &other.unexpected())),
    }
}

/// A command line that cannot be understood.
fn wrong(topic: Topic, what: &str) -> Failure {
    let see = topic.command();
    let exit = if topic == Topic::Request { USAGE } else { OWN_FAILURE };
    Failure::with_exit(exit, format!("{what} See `{see} --help`."))
}

/// The parser's complaint in our words. The parser quotes what was typed, and that can be a secret: a value behind
/// `secrets set NAME`, a token behind an option.
fn usage(topic: Topic, error: &lexopt::Error) -> Failure {
    use lexopt::Error;
    let what = match error {
        Error::MissingValue { option: Some(option) } => format!("{option} needs a value."),
        Error::UnexpectedOption(option) => format!("There is no option {option}."),
        Error::UnexpectedValue { option, .. } => format!("{option} takes no value."),
        Error::UnexpectedArgument(_) => "There is one word too many.".to_owned(),
        Error::NonUnicodeValue(_) => "A word is not valid UTF-8.".to_owned(),
        _ => "The command line cannot be understood.".to_owned(),
    };
    wrong(topic, &what)
}

/// The value of an option, as text.
fn text(parser: &mut Parser, topic: Topic) -> Result<String, Failure> {
    let value = parser.value().map_err(|error| usage(topic, &error))?;
    value
        .into_string()
        .map_err(|_| wrong(topic, "A word is not valid UTF-8."))
}

/// The value of an option, as whole seconds.
fn seconds(parser: &mut Parser, topic: Topic, option: &str, most: u64) -> Result<u64, Failure> {
    text(parser, topic)?
        .parse()
        .ok()
        .filter(|seconds| *seconds <= most)
        .ok_or_else(|| wrong(topic, &format!("{option} takes whole seconds, at most {most}.")))
}

#[cfg(test)]
mod tests;
