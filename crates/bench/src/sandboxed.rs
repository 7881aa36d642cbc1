//! A sandbox around `true`, against bubblewrap alone.

use anyhow::{Context, Result, ensure};
use domain::chat::Language;
use domain::{Description, LoginName, RawValue, SecretName};
use sandbox::{Bubblewrap, End, Job, Runner, Settings};
use tokio::process::Command;
use tokio::sync::mpsc;
use vault::{Actor, Config, NewSecret, Origin, SignupPolicy, Vault};

use crate::bare;
use crate::report::{line, median};
use crate::running::timed;

const ROUNDS: usize = 30;
/// What confines it, without anything of ours.
const ALONE: &[&str] = &[
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    "--ro-bind",
    "/usr",
    "/usr",
    "--symlink",
    "usr/bin",
    "/bin",
    "--symlink",
    "usr/lib",
    "/lib",
    "--symlink",
    "usr/lib64",
    "/lib64",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--tmpfs",
    "/work",
    "true",
];

/// With a session that is opened and closed, and 20 secrets in the environment.
pub(crate) async fn all() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut config = Config::new(dir.path().join("data"));
    config.signup = SignupPolicy::Open;
    let vault = Vault::open(config).await?;
    let actor = somebody(&vault).await?;
    let runner = Bubblewrap::new(Settings::default())?;
    if let Some(problem) = runner.availability().await.problem {
        line(
            "a sandbox around `true`",
            &format!("cannot be measured: {problem}"),
            "<= +50 ms",
        );
        return Ok(());
    }
    let (mut ours, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = std::time::Instant::now();
        run(&vault, &actor, &runner).await?;
        ours.push(begun.elapsed().as_secs_f64() * 1000.0);
        alone.push(timed(Command::new("bwrap").args(ALONE)).await?);
    }
    let (ours, alone) = (median(ours), median(alone));
    line("bubblewrap alone around `true`", &format!("{alone:.1} ms"), "-");
    line(
        "a sandbox with its session around `true`, beyond that",
        &format!("+{:.1} ms", ours - alone),
        "<= +50 ms",
    );
    Ok(())
}

async fn run(vault: &Vault, actor: &Actor, runner: &Bubblewrap) -> Result<()> {
    let job = Job {
        language: Language::Shell,
        code: "true".to_owned(),
        files: Vec::new(),
        names: None,
        network: false,
        label: None,
    };
    let (sender, mut events) = mpsc::channel(64);
    let drained = async { while events.recv().await.is_some() {} };
    let (outcome, ()) = tokio::join!(runner.run(vault, actor, job, sender), drained);
    let outcome = outcome?;
    ensure!(outcome.end == End::Exited(0), "it ended otherwise: {}", outcome.end);
    Ok(())
}

async fn somebody(vault: &Vault) -> Result<Actor> {
    let code = vault.setup_code().await?;
    let login = LoginName::parse("bench")?;
    let password = RawValue::new("measured and found quick".to_owned());
    let accounts = vault.accounts();
    let made = accounts.sign_up(&login, &password, code.as_deref(), Origin::default());
    let actor = made.await?.actor;
    for (name, value) in bare::secrets() {
        let new = NewSecret {
            name: SecretName::parse(&name)?,
            value: RawValue::new(value).check().context("a value")?,
            description: Description::default(),
        };
        vault.secrets().create(&actor, new).await?;
    }
    Ok(actor)
}
