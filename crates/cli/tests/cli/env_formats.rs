//! `strongroom env`: each format read back by the programs that people read it with.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::process::Command;

use domain::{EnvFormat, SecretName, SecretValue};

use crate::client::{Client, done};
use crate::generated;
use crate::server::Server;

type Values = BTreeMap<String, String>;

/// A sandbox that holds the generated values.
struct Fixture {
    _server: Server,
    sandbox: Client,
    all: Values,
}

impl Fixture {
    fn new() -> Self {
        let (server, account) = Server::with_account();
        let secrets = generated::secrets();
        account.store_all(secrets.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Self {
            _server: server,
            sandbox: account.sandbox_client(),
            all: secrets.into_iter().collect(),
        }
    }

    /// Those that the format can carry, and the rest.
    fn split(&self, format: EnvFormat) -> (Values, Values) {
        self.all.clone().into_iter().partition(|(name, value)| {
            let name = SecretName::parse(name).unwrap();
            let value = SecretValue::from_bytes(value.clone().into_bytes()).unwrap();
            domain::env::write(format, &[(&name, &value)]).is_ok()
        })
    }

    /// Fetches what can be carried into a file, having seen the rest refused.
    fn written(&self, format: EnvFormat) -> (tempfile::NamedTempFile, Values) {
        let (carried, refused) = self.split(format);
        let format = format.as_str();
        if !refused.is_empty() {
            let names: Vec<&str> = refused.keys().map(String::as_str).collect();
            self.sandbox.run(&["env", "--format", format]).refused(&names);
        }
        let only = carried.keys().cloned().collect::<Vec<_>>().join(",");
        let done = self
            .sandbox
            .run(&["env", "--format", format, "--only", &only])
            .succeeded();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), done.out).unwrap();
        (file, carried)
    }
}

#[track_caller]
fn assert_same(found: &Values, wanted: &Values, reader: &str) {
    for (name, value) in wanted {
        assert_eq!(found.get(name), Some(value), "{name}, read by {reader}");
    }
}

fn json_of(command: &mut Command) -> Values {
    serde_json::from_str(&done(command.output().unwrap()).succeeded().out).unwrap()
}

#[test]
fn json_carries_everything() {
    let fixture = Fixture::new();
    let (file, carried) = fixture.written(EnvFormat::Json);
    assert_eq!(carried, fixture.all);
    let found: Values = serde_json::from_str(&fs::read_to_string(file.path()).unwrap()).unwrap();
    assert_eq!(found, carried);
    assert_eq!(
        fixture.sandbox.run(&["env"]).succeeded().out,
        fs::read_to_string(file.path()).unwrap(),
        "the default"
    );
}

#[test]
fn a_posix_shell_reads_everything() {
    let fixture = Fixture::new();
    let (file, carried) = fixture.written(EnvFormat::Shell);
    assert_eq!(carried, fixture.all);
    let script = "eval \"$(cat \"$1\")\"; exec python3 -c 'import os, json; print(json.dumps(dict(os.environ)))'";
    for shell in ["sh", "bash"] {
        let found = json_of(Command::new(shell).args(["-c", script, shell]).arg(file.path()));
        assert_same(&found, &carried, shell);
    }
}

#[test]
fn nodes_own_reader_reads_what_dotenv_carries() {
    let (file, carried) = Fixture::new().written(EnvFormat::Dotenv);
    assert!(
        carried.len() > 40,
        "the format is good for something: {}",
        carried.len()
    );
    let option = format!("--env-file={}", file.path().display());
    let found =
        json_of(Command::new("node").args([&option, "-e", "process.stdout.write(JSON.stringify(process.env))"]));
    assert_same(&found, &carried, "node --env-file");
}

#[test]
fn npms_dotenv_reads_what_dotenv_carries() {
    let Some(modules) = env::var_os("STRONGROOM_TEST_NODE_MODULES") else {
        eprintln!("skipped: STRONGROOM_TEST_NODE_MODULES names no directory with npm's dotenv");
        return;
    };
    let (file, carried) = Fixture::new().written(EnvFormat::Dotenv);
    let script = "const text = require('fs').readFileSync(process.argv[1]); \
                  process.stdout.write(JSON.stringify(require('dotenv').parse(text)))";
    let found = json_of(
        Command::new("node")
            .args(["-e", script])
            .arg(file.path())
            .env("NODE_PATH", modules),
    );
    assert_eq!(found, carried);
}

#[test]
fn python_dotenv_reads_what_dotenv_carries() {
    let Some(python) = env::var_os("STRONGROOM_TEST_PYTHON") else {
        eprintln!("skipped: STRONGROOM_TEST_PYTHON names no interpreter with python-dotenv");
        return;
    };
    let (file, carried) = Fixture::new().written(EnvFormat::Dotenv);
    let script = "import sys, json, dotenv; print(json.dumps(dict(dotenv.dotenv_values(sys.argv[1]))))";
    let found = json_of(Command::new(python).args(["-c", script]).arg(file.path()));
    assert_eq!(found, carried);
}

/// Docker takes a line as it stands: the name up to the first `=`, the value behind it, nothing unquoted.
#[test]
fn docker_reads_what_its_format_carries() {
    let (file, carried) = Fixture::new().written(EnvFormat::Docker);
    assert!(carried.len() > 20, "{}", carried.len());
    let text = fs::read_to_string(file.path()).unwrap();
    let found: Values = text
        .lines()
        .map(|line| line.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(found, carried);
}

#[test]
fn a_format_that_is_none_is_refused() {
    let (_server, account) = Server::with_account();
    account
        .sandbox_client()
        .run(&["env", "--format", "yaml"])
        .refused(&["json, dotenv, shell or docker"]);
}

#[test]
fn an_environment_can_be_narrowed_and_waited_for() {
    let (_server, account) = Server::with_account();
    account.store_all([("A", "a"), ("B", "b")]);
    let client = account.sandbox_client();
    assert_eq!(client.run(&["env", "--only", "A"]).succeeded().out, r#"{"A":"a"}"#);
    client.run(&["env", "--require", "C"]).refused(&["not stored yet: C"]);
    client
        .run(&["env", "--require", "C", "--wait", "1"])
        .ended_with(125, &["waiting up to 1 s for C", "not stored yet: C"]);
}
