//! `strongroom secrets …`.

use std::ffi::{OsStr, OsString};

use domain::{Description, SecretName};
use lexopt::{Arg, Parser};

use super::{Command, names, text, usage, wrong};
use crate::failure::Failure;
use crate::help::Topic;

const TOPIC: Topic = Topic::Secrets;
const COMMANDS: &str = "list, set, rm, import, history, put-back or forget";

/// What to do with secrets.
#[derive(Debug)]
pub(crate) enum SecretsCommand {
    List { json: bool },
    Set(SetArgs),
    Remove { names: Vec<SecretName> },
    Import(ImportArgs),
    History { name: SecretName, json: bool },
    PutBack { name: SecretName, version: i64 },
    Forget { name: SecretName },
}

/// Which secret to set. The value comes from a prompt or from standard input, never from here.
#[derive(Debug)]
pub(crate) struct SetArgs {
    pub(crate) name: SecretName,
    pub(crate) description: Option<Description>,
}

/// Which file to import.
#[derive(Debug)]
pub(crate) struct ImportArgs {
    pub(crate) file: OsString,
    pub(crate) replace: bool,
}

impl ImportArgs {
    /// Whether `-` was given.
    pub(crate) fn is_stdin(&self) -> bool {
        self.file == "-"
    }

    /// The file, in a message.
    pub(crate) fn shown(&self) -> String {
        if self.is_stdin() {
            "standard input".to_owned()
        } else {
            self.file.display().to_string()
        }
    }
}

pub(super) fn parse(parser: &mut Parser) -> Result<Command, Failure> {
    match parser.next().map_err(|error| usage(TOPIC, &error))? {
        Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Help(TOPIC)),
        Some(Arg::Value(word)) => match word.to_str() {
            Some("list" | "ls") => list(parser),
            Some("set") => set(parser),
            Some("rm" | "remove") => remove(parser),
            Some("import") => import(parser),
            Some("history") => history(parser),
            Some("put-back") => put_back(parser),
            Some("forget") => forget(parser),
            _ => Err(wrong(TOPIC, &format!("There is no such command: {COMMANDS}?"))),
        },
        Some(other) => Err(usage(TOPIC, &other.unexpected())),
        None => Err(wrong(TOPIC, &format!("What is to be done: {COMMANDS}?"))),
    }
}

fn list(parser: &mut Parser) -> Result<Command, Failure> {
    let mut json = false;
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Long("json") => json = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    Ok(Command::Secrets(SecretsCommand::List { json }))
}

fn set(parser: &mut Parser) -> Result<Command, Failure> {
    let (mut name, mut description) = (None, None);
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Long("description") => {
                let text = text(parser, TOPIC)?;
                let parsed = Description::parse(&text).map_err(|error| wrong(TOPIC, &error.to_string()))?;
                description = Some(parsed);
            }
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(word) if name.is_none() => {
                name = Some(names::alone(word, TOPIC, "the value is piped in or asked for")?);
            }
            Arg::Value(_) => {
                return Err(wrong(
                    TOPIC,
                    "A value is not given on the command line, where other programs can read it: pipe it in, or be asked.",
                ));
            }
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    let name = name.ok_or_else(which)?;
    Ok(Command::Secrets(SecretsCommand::Set(SetArgs { name, description })))
}

fn history(parser: &mut Parser) -> Result<Command, Failure> {
    let (mut name, mut json) = (None, false);
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Long("json") => json = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(word) if name.is_none() => name = Some(stored_name(&word)?),
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    let name = name.ok_or_else(which)?;
    Ok(Command::Secrets(SecretsCommand::History { name, json }))
}

fn put_back(parser: &mut Parser) -> Result<Command, Failure> {
    let (mut name, mut version) = (None, None);
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(word) if name.is_none() => name = Some(stored_name(&word)?),
            // What is no number is not repeated: it may be a value.
            Arg::Value(word) if version.is_none() => {
                let number = word.to_str().and_then(|word| word.parse().ok());
                version = Some(
                    number.ok_or_else(|| wrong(TOPIC, "Which value? Give its number: `secrets history` shows it."))?,
                );
            }
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    let name = name.ok_or_else(which)?;
    let version = version.ok_or_else(|| wrong(TOPIC, "Which value? Give its number: `secrets history` shows it."))?;
    Ok(Command::Secrets(SecretsCommand::PutBack { name, version }))
}

fn forget(parser: &mut Parser) -> Result<Command, Failure> {
    let mut name = None;
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(word) if name.is_none() => name = Some(stored_name(&word)?),
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    let name = name.ok_or_else(which)?;
    Ok(Command::Secrets(SecretsCommand::Forget { name }))
}

/// A name that was stored before it was reserved counts.
fn stored_name(word: &OsStr) -> Result<SecretName, Failure> {
    SecretName::from_stored(&word.to_string_lossy()).map_err(|error| wrong(TOPIC, &error.to_string()))
}

fn which() -> Failure {
    wrong(TOPIC, "Which secret? Give its name.")
}

fn remove(parser: &mut Parser) -> Result<Command, Failure> {
    let mut names = Vec::new();
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(word) => names.push(stored_name(&word)?),
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    if names.is_empty() {
        return Err(wrong(TOPIC, "Which secrets? Give their names."));
    }
    Ok(Command::Secrets(SecretsCommand::Remove { names }))
}

fn import(parser: &mut Parser) -> Result<Command, Failure> {
    let (mut file, mut replace) = (None, false);
    while let Some(arg) = parser.next().map_err(|error| usage(TOPIC, &error))? {
        match arg {
            Arg::Long("replace") => replace = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help(TOPIC)),
            Arg::Value(word) if file.is_none() => file = Some(word),
            other => return Err(usage(TOPIC, &other.unexpected())),
        }
    }
    let file = file.ok_or_else(|| wrong(TOPIC, "Which file? Give its path, or - for standard input."))?;
    Ok(Command::Secrets(SecretsCommand::Import(ImportArgs { file, replace })))
}
