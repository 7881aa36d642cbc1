//! A vault in a temporary directory, and people in it.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{Description, EnvFormat, LoginName, RawValue, Scopes, SecretName, SecretValue};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;
use vault::{
    Actor, Clock, Config, EnvRequest, NewSecret, NewToken, OpenSandbox, Origin, Result, SandboxSession, SignupPolicy,
    Vault,
};

pub(crate) const PASSWORD: &str = "a long enough passphrase";
/// 2026-01-01T00:00:00Z.
pub(crate) const START: i64 = 1_767_225_600_000;

/// A vault whose directory goes when it does.
pub(crate) struct World {
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) dir: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::manual(START);
        let mut config = Config::new(dir.path());
        config.signup = SignupPolicy::Open;
        config.clock = clock.clone();
        change(&mut config);
        Self {
            vault: Vault::open(config).await.unwrap(),
            clock,
            dir,
        }
    }

    pub(crate) async fn person(&self, login: &str) -> Actor {
        let login = LoginName::parse(login).unwrap();
        let code = self.vault.setup_code().await.unwrap();
        let from = Origin::default();
        self.vault
            .accounts()
            .sign_up(&login, &raw(PASSWORD), code.as_deref(), from)
            .await
            .unwrap()
            .actor
    }

    pub(crate) async fn store(&self, actor: &Actor, name_text: &str, value_text: &str) {
        self.vault
            .secrets()
            .create(actor, new(name_text, value_text))
            .await
            .unwrap();
    }

    pub(crate) async fn sandbox(&self, actor: &Actor) -> SandboxSession {
        self.sandbox_for(actor, None).await
    }

    pub(crate) async fn sandbox_for(&self, actor: &Actor, names: Option<&[&str]>) -> SandboxSession {
        let names = names.map(|names| names.iter().map(|text| name(text)).collect());
        let open = OpenSandbox {
            names,
            ..OpenSandbox::default()
        };
        let opened = self.vault.sandboxes().open(actor, open).await.unwrap();
        self.vault
            .sandboxes()
            .authenticate(opened.token.expose(), Origin::default())
            .await
            .unwrap()
    }

    pub(crate) async fn fetch(&self, session: &SandboxSession, request: EnvRequest) -> Result<serde_json::Value> {
        let body = self.vault.sandboxes().environment(session, request).await?;
        Ok(serde_json::from_str(&body.body).unwrap())
    }

    /// What somebody does who can write the database file; the rows that it changed.
    pub(crate) async fn run_sql(&self, sql: &'static str) -> u64 {
        let options = SqliteConnectOptions::new().filename(self.dir.path().join("strongroom.db"));
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        db.execute(sql).await.unwrap().rows_affected()
    }

    /// The environment of a new sandbox, as JSON.
    pub(crate) async fn environment(&self, actor: &Actor) -> serde_json::Value {
        self.fetch(&self.sandbox(actor).await, everything()).await.unwrap()
    }
}

/// A program with a token of that person's, and the scopes that agents get.
pub(crate) async fn agent(world: &World, person: &Actor) -> Actor {
    let new = NewToken {
        label: "bot".to_owned(),
        scopes: Scopes::FOR_AGENTS,
        names: None,
        ttl_days: None,
    };
    let made = world.vault.tokens().create(person, new, None).await.unwrap();
    let token = made.token.expose();
    world
        .vault
        .tokens()
        .authenticate(token, Origin::default())
        .await
        .unwrap()
}

pub(crate) fn raw(text: &str) -> RawValue {
    RawValue::new(text.to_owned())
}

pub(crate) fn name(text: &str) -> SecretName {
    SecretName::parse(text).unwrap()
}

pub(crate) fn value(text: &str) -> SecretValue {
    raw(text).check().unwrap()
}

pub(crate) fn new(name_text: &str, value_text: &str) -> NewSecret {
    NewSecret {
        name: name(name_text),
        value: value(value_text),
        description: Description::default(),
    }
}

pub(crate) fn everything() -> EnvRequest {
    EnvRequest {
        format: EnvFormat::Json,
        only: None,
        require: BTreeSet::new(),
        wait: Duration::ZERO,
    }
}

pub(crate) fn requiring(names: &[&str], wait: Duration) -> EnvRequest {
    EnvRequest {
        require: names.iter().map(|text| name(text)).collect(),
        wait,
        ..everything()
    }
}
