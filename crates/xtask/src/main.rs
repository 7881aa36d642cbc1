//! `cargo xtask …`: everything there is to do with this tree, from a bare machine to a running server.
//!
//! It needs cargo (and Node) and sets up the rest itself. Progress goes to standard error, so that the standard output
//! of `run` is the server's own.

mod bench;
mod build;
mod command;
mod lint;
mod profile;
mod progress;
mod run;
mod setup;
mod site;
mod soak;
mod stamp;
mod test;
mod workspace;

use std::{ffi::OsString, process::ExitCode};

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt as _};

use crate::{test::Part, workspace::Workspace};

const USAGE: &str = "\
cargo xtask run [-- ARGS]          build both sides in release and serve; ARGS go to the server
cargo xtask test [PART [-- ARGS]]  everything CI runs, or one part of it: fmt, lint, weight, unit, browser;
                                   ARGS go to that part's runner: `test unit -- vault`, `test browser -- sign-up`
cargo xtask build                  release: target/release/strongroom-server (with the site inside), target/release/strongroom
cargo xtask bench [-- ARGS]        measure the release server
cargo xtask soak [--part PART]     what takes too long for every test run, or one part of it: redact, kill, fuzz, schema;
                                   goes on where it was cut off
cargo xtask fmt                    format
cargo xtask lint                   clippy for each side, warnings are errors";

fn main() -> ExitCode {
    match Task::parse(Parser::from_env()).and_then(Task::carry_out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Task {
    Run(Vec<OsString>),
    Test(Option<Part>, Vec<OsString>),
    Build,
    Bench(Vec<OsString>),
    Soak(Option<soak::Part>),
    Fmt,
    Lint,
    Help,
}

impl Task {
    fn parse(mut args: Parser) -> Result<Self> {
        let mut words = Vec::new();
        let mut rest = Vec::new();
        while let Some(arg) = args.next()? {
            match arg {
                Arg::Short('h') | Arg::Long("help") => return Ok(Self::Help),
                Arg::Long("part") if words == ["soak"] => words.push(args.value()?.string()?),
                Arg::Value(word) if rest.is_empty() => words.push(word.string()?),
                other => return Err(other.unexpected().into()),
            }
            if let Some(raw) = args.try_raw_args()
                && raw.peek().is_some_and(|next| next == "--")
            {
                rest = raw.skip(1).collect();
            }
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ok(match words.as_slice() {
            ["run"] => Self::Run(rest),
            ["test"] if rest.is_empty() => Self::Test(None, rest),
            ["test", part] => Self::Test(Some(part.parse()?), rest),
            ["build"] if rest.is_empty() => Self::Build,
            ["bench"] => Self::Bench(rest),
            ["soak"] if rest.is_empty() => Self::Soak(None),
            ["soak", part] if rest.is_empty() => Self::Soak(Some(part.parse()?)),
            ["fmt"] if rest.is_empty() => Self::Fmt,
            ["lint"] if rest.is_empty() => Self::Lint,
            [] => Self::Help,
            _ => bail!("this is not one of the tasks:\n\n{USAGE}"),
        })
    }

    fn carry_out(self) -> Result<()> {
        if self == Self::Help {
            eprintln!("{USAGE}");
            return Ok(());
        }
        let workspace = Workspace::find()?;
        match self {
            Self::Run(args) => run::run(&workspace, &args),
            Self::Test(part, args) => test::test(&workspace, part, &args),
            Self::Build => build::build(&workspace),
            Self::Soak(part) => soak::soak(&workspace, part),
            Self::Bench(args) => bench::bench(&workspace, &args),
            Self::Fmt => lint::format(&workspace),
            Self::Lint => lint::lint_alone(&workspace),
            Self::Help => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn parse(args: &[&str]) -> Result<Task> {
        Task::parse(Parser::from_args(args))
    }

    #[test]
    fn what_follows_the_two_dashes_belongs_to_the_program_that_is_run() {
        let rest = vec![OsString::from("--grep"), OsString::from("a b")];
        assert_eq!(
            parse(&["test", "browser", "--", "--grep", "a b"]).unwrap(),
            Task::Test(Some(Part::Browser), rest)
        );
        assert_eq!(
            parse(&["run", "--", "--help"]).unwrap(),
            Task::Run(vec![OsString::from("--help")])
        );
        assert_eq!(parse(&["run"]).unwrap(), Task::Run(Vec::new()));
    }

    #[test]
    fn a_task_that_does_not_exist_is_answered_with_those_that_do() {
        for args in [
            &["deploy"][..],
            &["build", "fast"],
            &["test", "nothing"],
            &["run", "--fast"],
            &["lint", "--", "x"],
        ] {
            assert!(parse(args).is_err(), "{args:?}");
        }
        assert!(parse(&["deploy"]).unwrap_err().to_string().contains("cargo xtask run"));
    }

    #[test]
    fn nothing_asked_is_a_question_for_help() {
        assert_eq!(parse(&[]).unwrap(), Task::Help);
        assert_eq!(parse(&["test", "--help"]).unwrap(), Task::Help);
    }
}
