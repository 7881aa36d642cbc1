//! What is run, what happens, and what becomes of it.

use std::borrow::Cow;
use std::time::Duration;

use domain::SecretName;
use domain::chat::Language;

use crate::RunError;
use crate::end::End;

/// Something to be run.
#[derive(Debug)]
pub struct Job {
    /// What it is written in.
    pub language: Language,
    /// The code.
    pub code: String,
    /// Text files to put beside it first, by plain name.
    pub files: Vec<(String, String)>,
    /// The secrets that it is given at most; `None`: all; empty: none, and no session is opened.
    pub names: Option<Vec<SecretName>>,
    /// Whether it can reach the network.
    pub network: bool,
    /// What its session is called.
    pub label: Option<String>,
}

/// What a run may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From start to end.
    pub time: Duration,
    /// Bytes of memory.
    pub memory: u64,
    /// Processes and threads.
    pub processes: u32,
    /// Bytes of output, both streams together.
    pub output: usize,
    /// Bytes of files.
    pub disk: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            memory: 512 << 20,
            processes: 64,
            output: 1 << 20,
            disk: 64 << 20,
        }
    }
}

/// What happens while it runs.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// It waits for this many others.
    Queued {
        /// How many run or wait before it.
        ahead: usize,
    },
    /// It runs from now on, with these secrets in its environment.
    Started {
        /// The names.
        names: Vec<SecretName>,
    },
    /// It printed something, redacted.
    Output {
        /// Where.
        stream: Stream,
        /// What.
        text: String,
    },
}

/// An output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What became of it.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// The secrets that were in its environment.
    pub names: Vec<SecretName>,
    /// Text files that it left in its folder, redacted: at most 16, of at most 64 KiB each.
    pub files: Vec<(String, String)>,
    /// Whether it could reach the network: not if it was not to, nor where none can be had ([`Availability`](crate::Availability)).
    pub network: bool,
}

/// Gives a module the `require` of the older kind too.
const REQUIRE: &str =
    "import{createRequire as __require}from'node:module';globalThis.require=__require(import.meta.url);";
/// Files that a job brings at most.
const MOST_FILES: usize = 16;
/// Bytes of code, and of each file.
const MOST_BYTES: usize = 256 << 10;

impl Job {
    /// What its code is called in the sandbox.
    pub(crate) fn main(&self) -> &'static str {
        match self.language {
            Language::Python => "main.py",
            // As a module, which can await at its top.
            Language::JavaScript => "main.mjs",
            Language::Shell => "main.sh",
        }
    }

    /// What stands in that file.
    pub(crate) fn whole_code(&self) -> Cow<'_, str> {
        match self.language {
            // People and models use both kinds of modules. On the same line, so that errors name the right one.
            Language::JavaScript => Cow::Owned(format!("{REQUIRE}{}", self.code)),
            _ => Cow::Borrowed(&self.code),
        }
    }

    /// What reads it.
    pub(crate) fn interpreter(&self) -> &'static str {
        match self.language {
            Language::Python => "/usr/bin/python3",
            Language::JavaScript => "/usr/bin/node",
            Language::Shell => "/usr/bin/sh",
        }
    }

    pub(crate) fn check(&self) -> Result<(), RunError> {
        let wrong = |words: String| Err(RunError::BadJob(words));
        if self.files.len() > MOST_FILES {
            return wrong(format!("At most {MOST_FILES} files can be given to code."));
        }
        if self.code.len() > MOST_BYTES {
            return wrong(format!(
                "The code has {} bytes, and {MOST_BYTES} is the most.",
                self.code.len()
            ));
        }
        for (name, text) in &self.files {
            if !is_plain(name) || *name == self.main() {
                return wrong(format!(
                    "A file is called {name:?}. Use letters, digits, dots, hyphens and underscores, and not {}.",
                    self.main()
                ));
            }
            if text.len() > MOST_BYTES {
                return wrong(format!(
                    "The file {name} has {} bytes, and {MOST_BYTES} is the most.",
                    text.len()
                ));
            }
        }
        if !std::path::Path::new(self.interpreter()).exists() {
            return wrong(format!(
                "{} is not installed on this server, so {} cannot be run.",
                self.interpreter(),
                self.language.title()
            ));
        }
        Ok(())
    }
}

/// A name in one folder that means nothing to anybody.
pub(crate) fn is_plain(name: &str) -> bool {
    let part = |ch: char| ch.is_ascii_alphanumeric() || "._-".contains(ch);
    (1..=100).contains(&name.len()) && !name.starts_with(['.', '-']) && name.chars().all(part)
}
