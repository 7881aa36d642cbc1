//! A person with a chat, and what answers in it.

use std::sync::Arc;
use std::time::Duration;

use agent::model::{Endpoint, Model};
use agent::{Agents, Settings};
use domain::chat::{ChatView, EntryView, RunView};
use domain::{Description, LoginName, RawValue, RequestStatus, SecretName};
use sandbox::{Bubblewrap, Runner};
use tempfile::TempDir;
use vault::{Actor, Answer, Answered, Config, NewSecret, Origin, SignupPolicy, Vault};

pub(crate) const VALUE: &str = "sk-canary-93b1e7-of-a-chat";

pub(crate) struct World {
    pub(crate) vault: Vault,
    pub(crate) ada: Actor,
    pub(crate) agents: Agents,
    pub(crate) chat: String,
    _dir: TempDir,
}

impl World {
    /// `model` is where one answers; without, the built-in agent does. `None` where the sandbox cannot run, which is said.
    pub(crate) async fn new(model: Option<String>) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::new(dir.path());
        config.signup = SignupPolicy::Open;
        let vault = Vault::open(config).await.unwrap();
        let code = vault.setup_code().await.unwrap();
        let login = LoginName::parse("ada").unwrap();
        let password = RawValue::new("a long enough passphrase".to_owned());
        let accounts = vault.accounts();
        let made = accounts.sign_up(&login, &password, code.as_deref(), Origin::default());
        let ada = made.await.unwrap().actor;
        let runner = Bubblewrap::new(sandbox::Settings::default()).unwrap();
        if let Some(problem) = runner.availability().await.problem {
            assert!(std::env::var_os("STRONGROOM_TEST_SANDBOX").is_none(), "{problem}");
            eprintln!("NOT TESTED, the sandbox cannot run here: {problem}");
            return None;
        }
        let model = model.map(|url| {
            let endpoint = Endpoint {
                url,
                model: "test".to_owned(),
                key: None,
            };
            (Model::new(endpoint).unwrap(), "test".to_owned())
        });
        let settings = Settings {
            model,
            runner: Arc::new(runner),
        };
        let chat = vault.conversations().create(&ada, "A chat").await.unwrap().id;
        Some(Self {
            agents: Agents::new(vault.clone(), settings),
            vault,
            ada,
            chat,
            _dir: dir,
        })
    }

    pub(crate) async fn say(&self, message: &str) {
        self.agents.say(&self.ada, &self.chat, message).await.unwrap();
    }

    /// Waits until the chat is as `is_so` says; fails with what it is if it never is.
    pub(crate) async fn until(&self, is_so: impl Fn(&ChatView) -> bool) -> ChatView {
        for _ in 0..3_000 {
            let chat = self.agents.open(&self.ada, &self.chat).await.unwrap();
            if is_so(&chat) {
                return chat;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{:#?}", self.agents.open(&self.ada, &self.chat).await.unwrap());
    }

    /// Waits until the agent is done.
    pub(crate) async fn done(&self) -> ChatView {
        self.until(|chat| !chat.working).await
    }

    /// Stores the value under that name, as the person does on the page of secrets.
    pub(crate) async fn store(&self, name: &str) {
        let new = NewSecret {
            name: SecretName::parse(name).unwrap(),
            value: RawValue::new(VALUE.to_owned()).check().unwrap(),
            description: Description::default(),
        };
        self.vault.secrets().create(&self.ada, new).await.unwrap();
    }

    /// Answers what waits, as the person does in the secure field.
    pub(crate) async fn give(&self, name: &str) {
        self.until(|chat| chat.entries.iter().any(|shown| is_waiting(&shown.entry)))
            .await;
        let waiting = self.vault.requests().waiting(&self.ada).await.unwrap();
        let answer = Answered {
            name: SecretName::parse(name).unwrap(),
            answer: Answer::Save {
                value: RawValue::new(VALUE.to_owned()).check().unwrap(),
                description: Description::default(),
                replacing: None,
            },
        };
        let requests = self.vault.requests();
        requests.answer(&self.ada, &waiting[0].id, vec![answer]).await.unwrap();
    }
}

pub(crate) fn is_waiting(entry: &EntryView) -> bool {
    matches!(entry, EntryView::Asked(asked) if asked.status == RequestStatus::Pending)
}

pub(crate) fn runs(chat: &ChatView) -> Vec<&RunView> {
    let all = chat.entries.iter();
    all.filter_map(|shown| match &shown.entry {
        EntryView::Ran(run) => Some(&**run),
        _ => None,
    })
    .collect()
}
