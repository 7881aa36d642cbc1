//! The release server in a temporary directory, with one account, a token and the 20 secrets.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use crate::bare;
use crate::http::{Connection, Request};

/// Whose account it is.
pub(crate) const LOGIN: &str = "bench";
pub(crate) const PASSWORD: &str = "measured and found quick";

/// A running program, killed when dropped.
pub(crate) struct Running {
    pub(crate) base: String,
    child: Child,
}

impl Running {
    /// Its process.
    pub(crate) fn id(&self) -> Result<u32> {
        self.child.id().context("it has ended")
    }
}

/// A running Strongroom that is ready to be measured.
pub(crate) struct Strongroom {
    pub(crate) running: Running,
    pub(crate) api_token: String,
    dir: TempDir,
}

/// A program beside this one in the target directory.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(
        path.exists(),
        "{} is missing: run `cargo xtask bench`, which builds it",
        path.display()
    );
    Ok(path)
}

/// Starts a program and waits for the line that holds its address.
async fn start(mut command: Command) -> Result<Running> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(at) = line.find("http://") {
            let base = line.get(at..).unwrap_or_default().trim().to_owned();
            return Ok(Running { base, child });
        }
    }
    anyhow::bail!("the program ended before it was ready")
}

/// Starts the baseline.
pub(crate) async fn start_bare() -> Result<Running> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("bare");
    start(command).await
}

impl Strongroom {
    /// With records of the given durability.
    pub(crate) async fn start(durability: &str) -> Result<Self> {
        let strongroom = Self::start_with(durability, &[]).await?;
        strongroom.store_all().await?;
        Ok(strongroom)
    }

    /// Stores the 20 secrets.
    pub(crate) async fn store_all(&self) -> Result<()> {
        let secrets = bare::secrets().into_iter();
        let secrets = secrets.map(|(name, value)| serde_json::json!({ "name": name, "value": value }));
        self.store(secrets.collect()).await
    }

    /// With further settings, and no secrets yet.
    pub(crate) async fn start_with(durability: &str, more: &[(&str, &str)]) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut settings = vec![
            ("STRONGROOM_DATA_DIR", dir.path().as_os_str()),
            ("STRONGROOM_ADDR", "127.0.0.1:0".as_ref()),
            ("STRONGROOM_RECORD_DURABILITY", durability.as_ref()),
        ];
        settings.extend(more.iter().map(|(name, value)| (*name, value.as_ref())));
        let settings = || settings.iter().copied();
        let server = program("strongroom-server")?;
        let mut serve = Command::new(&server);
        serve.envs(settings());
        let running = start(serve).await?;

        let mut add = Command::new(&server);
        add.args(["user", "add", LOGIN, "--password-stdin"])
            .envs(settings())
            .stdin(Stdio::piped());
        let mut add = add.stdout(Stdio::null()).spawn()?;
        add.stdin
            .take()
            .context("no input")?
            .write_all(format!("{PASSWORD}\n").as_bytes())
            .await?;
        ensure!(add.wait().await?.success(), "the account could not be made");

        let mut token = Command::new(&server);
        token
            .args([
                "token",
                "create",
                "--user",
                LOGIN,
                "--scopes",
                "secrets:write,sandboxes:write",
            ])
            .envs(settings());
        let token = token.output().await?;
        ensure!(token.status.success(), "the token could not be made");
        let api_token = String::from_utf8(token.stdout)?.trim().to_owned();
        Ok(Self {
            running,
            api_token,
            dir,
        })
    }

    /// Ends the server as a system does that shuts down.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let id = self.running.id()?.to_string();
        ensure!(
            Command::new("kill").arg(id).status().await?.success(),
            "it could not be ended"
        );
        self.running.child.wait().await?;
        Ok(())
    }

    /// Starts the server again, on the same data.
    pub(crate) async fn start_again(&mut self) -> Result<()> {
        let mut serve = Command::new(program("strongroom-server")?);
        serve
            .env("STRONGROOM_DATA_DIR", self.dir.path())
            .env("STRONGROOM_ADDR", "127.0.0.1:0");
        self.running = start(serve).await?;
        Ok(())
    }

    /// Where the database lies.
    pub(crate) fn database(&self) -> PathBuf {
        self.dir.path().join("strongroom.db")
    }

    /// Stores secrets, as the HTTP interface takes them.
    pub(crate) async fn store(&self, secrets: Vec<serde_json::Value>) -> Result<()> {
        let body = serde_json::json!({ "secrets": secrets, "replace": true }).to_string();
        self.call("POST", "/api/v1/secrets/batch", &body).await.map(drop)
    }

    /// Opens a sandbox session and answers with its token.
    pub(crate) async fn open_sandbox(&self) -> Result<String> {
        let opened = self
            .call("POST", "/api/v1/sandboxes", r#"{"ttl_seconds":3600}"#)
            .await?;
        let opened: serde_json::Value = serde_json::from_slice(&opened)?;
        Ok(opened
            .get("token")
            .and_then(|token| token.as_str())
            .context("no token in the answer")?
            .to_owned())
    }

    /// Adds a platform whose fields are shown at that origin, and answers with its key.
    pub(crate) async fn add_platform(&self, origin: &str, users: usize) -> Result<String> {
        let mut add = Command::new(program("strongroom-server")?);
        add.args(["platform", "add", "Bench", "--origin", origin, "--most-users"])
            .arg(users.to_string())
            .env("STRONGROOM_DATA_DIR", self.dir.path());
        let key = add.output().await?;
        ensure!(key.status.success(), "the platform could not be added");
        Ok(String::from_utf8(key.stdout)?.trim().to_owned())
    }

    async fn call(&self, method: &'static str, path: &str, body: &str) -> Result<Vec<u8>> {
        let mut connection = Connection::open(&self.running.base).await?;
        let request = connection.request(&Request::new(method, path, &self.api_token, body));
        let answer = connection.send(&request).await?;
        ensure!(answer.status < 300, "{method} {path} answered {}", answer.status);
        Ok(answer.body)
    }
}
