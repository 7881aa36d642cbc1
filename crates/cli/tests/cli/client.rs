//! The program under test.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::server::own_settings;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_strongroom");

/// `strongroom` with its settings and a configuration directory of its own.
pub(crate) struct Client {
    settings: Vec<(String, String)>,
    config: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Client {
    pub(crate) fn new(url: &str, token: &str) -> Self {
        Self::with(&[("STRONGROOM_URL", url), ("STRONGROOM_TOKEN", token)])
    }

    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        let settings = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Self {
            settings,
            config: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn config_home(&self) -> &Path {
        self.config.path()
    }

    pub(crate) fn command<Word: AsRef<std::ffi::OsStr>>(&self, words: &[Word]) -> Command {
        self.prepared(Command::new(PROGRAM), words)
    }

    /// Another program's command (a copy of ours, an interpreter that starts it) with the same settings.
    pub(crate) fn prepared<Word: AsRef<std::ffi::OsStr>>(&self, mut command: Command, words: &[Word]) -> Command {
        for (name, _) in own_settings() {
            command.env_remove(name);
        }
        command
            .args(words)
            .env("XDG_CONFIG_HOME", self.config.path())
            .stdin(Stdio::null());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Done {
        done(self.command(words).output().unwrap())
    }

    pub(crate) fn run_with_input(&self, words: &[&str], input: &[u8]) -> Done {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may refuse before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input);
        done(child.wait_with_output().unwrap())
    }
}

pub(crate) fn done(output: Output) -> Done {
    Done {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Done {
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Failed by itself, with one line that says all of `parts`.
    #[track_caller]
    pub(crate) fn refused(self, parts: &[&str]) -> Self {
        self.ended_with(125, parts)
    }

    #[track_caller]
    pub(crate) fn ended_with(self, code: i32, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(
            self.err.lines().all(|line| line.starts_with("strongroom: ")),
            "{self:?}"
        );
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is not said: {self:?}");
        }
        assert_eq!(self.out, "", "{self:?}");
        self
    }
}
