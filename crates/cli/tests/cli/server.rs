//! A real server in a directory of its own, ended with the test.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;

use crate::account::Account;

pub(crate) const PASSWORD: &str = "quartz lantern meadow tide";

pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    directory: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut child = command(directory.path())
            .arg("serve")
            .env("STRONGROOM_ADDR", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", program().display()));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Strongroom is ready at ").map(str::to_owned));
        let Some(url) = url else {
            let _ = child.wait();
            panic!("the server ended before it was ready: its reason stands above");
        };
        thread::spawn(move || lines.for_each(drop));
        Self { child, url, directory }
    }

    /// A server with one account.
    pub(crate) fn with_account() -> (Self, Account) {
        let server = Self::start();
        let account = server.account("owner");
        (server, account)
    }

    pub(crate) fn account(&self, name: &str) -> Account {
        self.admin(&["user", "add", name, "--password-stdin"], PASSWORD);
        Account::new(
            &self.url,
            name,
            &self.token(name, "secrets:read,requests:write,secrets:write,sandboxes:write"),
        )
    }

    pub(crate) fn token(&self, user: &str, scopes: &str) -> String {
        self.admin(
            &["token", "create", "--user", user, "--scopes", scopes, "--label", "test"],
            "",
        )
        .trim()
        .to_owned()
    }

    fn admin(&self, arguments: &[&str], input: &str) -> String {
        let mut child = command(self.directory.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(directory: &Path) -> Command {
    let mut command = Command::new(program());
    for (name, _) in own_settings() {
        command.env_remove(name);
    }
    command
        .env("STRONGROOM_DATA_DIR", directory.join("data"))
        .env("STRONGROOM_LOG", "error")
        .current_dir(directory);
    command
}

/// The settings of whoever runs the tests, which must not reach the programs under test.
pub(crate) fn own_settings() -> impl Iterator<Item = (OsString, OsString)> {
    env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("STRONGROOM_"))
}

/// `STRONGROOM_SERVER_BIN`, or the server built beside this test.
fn program() -> PathBuf {
    if let Some(path) = env::var_os("STRONGROOM_SERVER_BIN") {
        return PathBuf::from(path);
    }
    // target/<profile>/deps/cli-… → target/<profile>/strongroom-server
    let beside = env::current_exe()
        .unwrap()
        .parent()
        .and_then(Path::parent)
        .unwrap()
        .join("strongroom-server");
    assert!(
        beside.is_file(),
        "there is no {}: build it first (cargo build -p server), or name one in STRONGROOM_SERVER_BIN",
        beside.display()
    );
    beside
}
