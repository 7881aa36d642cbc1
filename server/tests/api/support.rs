//! A server of one's own, people who use it, and a client that sends exactly what it is told.

mod client;
mod people;

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use server::config::{Environment, Settings};
use server::serve::Running;
use tempfile::TempDir;
use vault::{Clock, Vault};

pub(crate) use client::{Answer, Call};
pub(crate) use people::{Browser, PASSWORD, User, password};

/// A running server with its data.
pub(crate) struct TestServer {
    running: Running,
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) data: TempDir,
}

impl TestServer {
    /// With the settings that come by themselves, but for the port.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With some settings.
    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        let data = TempDir::new().unwrap();
        let settings = settings(&data, variables);
        let clock = Clock::manual(now_ms());
        let mut config = settings.vault_config();
        config.clock = clock.clone();
        let vault = Vault::open(config).await.unwrap();
        let running = Running::start(settings, vault.clone()).await.unwrap();
        Self {
            running,
            vault,
            clock,
            data,
        }
    }

    pub(crate) fn running(&self) -> &Running {
        &self.running
    }

    /// Stops it and waits for its end.
    pub(crate) async fn stop(self) -> TempDir {
        self.running.stop().await;
        self.data
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        Call::new(self.running.address(), method, path)
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    pub(crate) fn patch(&self, path: &str) -> Call {
        self.call("PATCH", path)
    }

    pub(crate) fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }
}

/// Settings over that data directory, on any free port.
pub(crate) fn settings(data: &TempDir, variables: &[(&str, &str)]) -> Settings {
    let mut map: HashMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    map.entry("STRONGROOM_ADDR".to_owned())
        .or_insert("127.0.0.1:0".to_owned());
    map.insert(
        "STRONGROOM_DATA_DIR".to_owned(),
        data.path().to_str().unwrap().to_owned(),
    );
    Settings::from_environment(&Environment::new(&|name| map.get(name).map(Into::into))).unwrap()
}

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_millis()
        .try_into()
        .unwrap()
}
