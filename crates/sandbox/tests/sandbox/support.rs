//! A vault with a person in it, and runs for them.

use std::time::Duration;

use domain::chat::Language;
use domain::{Description, LoginName, RawValue, SecretName};
use sandbox::{Bubblewrap, Event, Job, Outcome, RunError, Runner, Settings};
use tempfile::TempDir;
use tokio::sync::mpsc;
use vault::{Actor, Config, NewSecret, Origin, SignupPolicy, Vault};

pub(crate) const VALUE: &str = "sk-canary-5f2b9d-of-a-sandbox";

pub(crate) struct World {
    pub(crate) vault: Vault,
    pub(crate) ada: Actor,
    pub(crate) runner: Bubblewrap,
    pub(crate) dir: TempDir,
}

impl World {
    pub(crate) async fn new() -> Option<Self> {
        Self::with(Settings::default()).await
    }

    /// `None` where bubblewrap cannot run at all, which is said, and is a failure if `STRONGROOM_TEST_SANDBOX` is set.
    pub(crate) async fn with(settings: Settings) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::new(dir.path().join("data"));
        config.signup = SignupPolicy::Open;
        let vault = Vault::open(config).await.unwrap();
        let code = vault.setup_code().await.unwrap();
        let login = LoginName::parse("ada").unwrap();
        let password = RawValue::new("a long enough passphrase".to_owned());
        let accounts = vault.accounts();
        let made = accounts.sign_up(&login, &password, code.as_deref(), Origin::default());
        let ada = made.await.unwrap().actor;
        let runner = Bubblewrap::new(settings).unwrap();
        if let Some(problem) = runner.availability().await.problem {
            assert!(std::env::var_os("STRONGROOM_TEST_SANDBOX").is_none(), "{problem}");
            eprintln!("NOT TESTED, the sandbox cannot run here: {problem}");
            return None;
        }
        Some(Self {
            vault,
            ada,
            runner,
            dir,
        })
    }

    pub(crate) async fn store(&self, name: &str, value: &str) {
        let new = NewSecret {
            name: SecretName::parse(name).unwrap(),
            value: RawValue::new(value.to_owned()).check().unwrap(),
            description: Description::default(),
        };
        self.vault.secrets().create(&self.ada, new).await.unwrap();
    }

    /// Runs it, and gives what it came to and all that it printed.
    pub(crate) async fn run(&self, job: Job) -> Result<(Outcome, String), RunError> {
        let (sender, mut events) = mpsc::channel(64);
        let reading = async {
            let mut printed = String::new();
            while let Some(event) = events.recv().await {
                if let Event::Output { text, .. } = event {
                    printed.push_str(&text);
                }
            }
            printed
        };
        let (outcome, printed) = tokio::join!(self.runner.run(&self.vault, &self.ada, job, sender), reading);
        Ok((outcome?, printed))
    }

    /// What a shell script prints, however it ends.
    pub(crate) async fn shell(&self, code: &str) -> String {
        self.run(job(Language::Shell, code)).await.unwrap().1
    }

    /// Waits until all are closed.
    pub(crate) async fn no_session_is_left(&self) {
        let closing = async {
            while self.live_sessions().await > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), closing)
            .await
            .expect("a session stays open");
    }

    pub(crate) async fn live_sessions(&self) -> usize {
        self.vault.sandboxes().list(&self.ada).await.unwrap().len()
    }
}

pub(crate) fn job(language: Language, code: &str) -> Job {
    Job {
        language,
        code: code.to_owned(),
        files: Vec::new(),
        names: None,
        network: false,
        label: Some("Test".to_owned()),
    }
}
