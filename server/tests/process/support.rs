//! A real server process over a temporary directory, and the least HTTP client that can talk to it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) const SERVER: &str = env!("CARGO_BIN_EXE_strongroom-server");

/// A running server; killed when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) base: String,
    pub(crate) setup_code: Option<String>,
    pub(crate) dir: TempDir,
}

/// An answer, whole.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    /// A new server over an empty directory, logging everything it can.
    pub(crate) fn start() -> Self {
        Self::over(tempfile::tempdir().unwrap())
    }

    /// A new server with further settings.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        Self::over_with(tempfile::tempdir().unwrap(), settings)
    }

    /// A server over a directory that an earlier one left.
    pub(crate) fn over(dir: TempDir) -> Self {
        Self::over_with(dir, &[])
    }

    /// The same, started by another program.
    pub(crate) fn over_through(dir: TempDir, program: &str, arguments: &[&str]) -> Self {
        let plain = command(&dir.path().join("data"));
        let mut through = Command::new(program);
        through.args(arguments).arg(SERVER).stdin(Stdio::null()).env_clear();
        through.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        through.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        Self::run(through, dir, &[])
    }

    fn over_with(dir: TempDir, settings: &[(&str, &str)]) -> Self {
        Self::run(command(&dir.path().join("data")), dir, settings)
    }

    fn run(mut command: Command, dir: TempDir, settings: &[(&str, &str)]) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(dir.path().join("server.log"))
            .unwrap();
        let mut process = command
            .env("STRONGROOM_LOG", "trace")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = lines.next().expect("the server prints its address").unwrap();
        let base = ready
            .strip_prefix("Strongroom is ready at ")
            .unwrap_or_else(|| panic!("{ready}"))
            .to_owned();
        let mut server = Self {
            process,
            base,
            setup_code: None,
            dir,
        };
        if !server.data().join("seen").exists() {
            let line = lines.next().unwrap().unwrap();
            server.setup_code = Some(
                line.strip_prefix("Setup code: ")
                    .unwrap()
                    .split(' ')
                    .next()
                    .unwrap()
                    .to_owned(),
            );
            fs::write(server.data().join("seen"), "").unwrap();
        }
        server
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Everything that the server wrote to its log.
    pub(crate) fn log(&self) -> Vec<u8> {
        fs::read(self.dir.path().join("server.log")).unwrap()
    }

    /// SIGKILL, as the kernel would end it.
    pub(crate) fn kill(&self) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
    }

    /// The same for the server that another program started; that one ends with it.
    pub(crate) fn kill_child(&self) {
        let pid = self.process.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        let children: Vec<&str> = children.split_whitespace().collect();
        assert!(
            Command::new("kill")
                .arg("-KILL")
                .args(children)
                .status()
                .unwrap()
                .success()
        );
    }

    /// What a server that was killed leaves.
    pub(crate) fn remains(mut self) -> TempDir {
        self.process.wait().unwrap();
        std::mem::replace(&mut self.dir, tempfile::tempdir().unwrap())
    }

    /// Runs a subcommand with the same settings; its standard output.
    pub(crate) fn admin(&self, arguments: &[&str], input: &str) -> String {
        let output = self.try_admin(arguments, input);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed: {said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The same, whatever comes of it.
    pub(crate) fn try_admin(&self, arguments: &[&str], input: &str) -> Output {
        administer(&self.data(), arguments, input)
    }

    /// Adds Ada, and makes her a token that can store secrets and open sandboxes.
    pub(crate) fn ada(&self, password: &str) -> String {
        self.admin(&["user", "add", "ada", "--password-stdin"], &format!("{password}\n"));
        let scopes = "secrets:write,sandboxes:write";
        self.admin(&["token", "create", "--user", "ada", "--scopes", scopes], "")
    }

    /// One request on a connection of its own.
    pub(crate) fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.try_call(method, path, headers, body).unwrap()
    }

    pub(crate) fn try_call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Answer> {
        let host = self.base.strip_prefix("http://").unwrap();
        call(TcpStream::connect(host)?, host, method, path, headers, body)
    }
}

/// One request on a connection.
pub(crate) fn call(
    mut stream: TcpStream,
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> std::io::Result<Answer> {
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_gone = self.process.kill();
        let _reaped = self.process.wait();
    }
}

impl Answer {
    /// A cookie that it sets, as it has to be sent back.
    pub(crate) fn cookie(&self) -> Option<String> {
        let line = self
            .head
            .lines()
            .find(|line| line.to_lowercase().starts_with("set-cookie: __host-strongroom="))?;
        Some(line.split_once(": ")?.1.split(';').next()?.to_owned())
    }
}

/// Runs a subcommand over a data directory.
pub(crate) fn administer(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut process = command(data)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended without reading any of it.
    let _unread = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

/// The server's program with the settings of one test.
fn command(data: &Path) -> Command {
    let mut command = Command::new(SERVER);
    command
        .env_clear()
        .env("STRONGROOM_DATA_DIR", data)
        .env("STRONGROOM_ADDR", "127.0.0.1:0")
        .stdin(Stdio::null());
    command
}

/// The client's program, built beside the server's.
pub(crate) fn client() -> Command {
    let path = std::env::var_os("STRONGROOM_CLI_BIN")
        .map_or_else(|| Path::new(SERVER).with_file_name("strongroom"), PathBuf::from);
    assert!(
        path.exists(),
        "{} is missing: `cargo build -p cli` makes it",
        path.display()
    );
    let mut command = Command::new(path);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}
