//! What every handler can reach.

use std::sync::Arc;

use agent::Agents;
use vault::Vault;

use crate::config::{PublicUrl, Settings};
use crate::metrics::Metrics;

/// Shared by all requests; clones are cheap.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

struct Shared {
    vault: Vault,
    agents: Agents,
    settings: Settings,
    public_url: PublicUrl,
    metrics: Option<Metrics>,
}

impl AppState {
    /// `public_url` is where people reach the server: what is set, or where it listens.
    pub(crate) fn new(
        vault: Vault,
        agents: Agents,
        settings: Settings,
        public_url: PublicUrl,
        metrics: Option<Metrics>,
    ) -> Self {
        Self(Arc::new(Shared {
            vault,
            agents,
            settings,
            public_url,
            metrics,
        }))
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// What answers in chats.
    pub(crate) fn agents(&self) -> &Agents {
        &self.0.agents
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn public_url(&self) -> &PublicUrl {
        &self.0.public_url
    }

    /// Where requests are counted, if they are.
    pub(crate) fn metrics(&self) -> Option<&Metrics> {
        self.0.metrics.as_ref()
    }
}
