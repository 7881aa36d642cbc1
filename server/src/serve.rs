//! Listening, and stopping so that no request fails.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use agent::Agents;
use agent::model::Model;
use axum::Router;
use sandbox::Bubblewrap;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vault::Vault;

use crate::admin::AdminSocket;
use crate::config::{PublicUrl, Settings};
use crate::metrics::{self, Metrics};
use crate::state::AppState;
use crate::{embed, mcp, middleware, pages, routes};

mod connections;

use connections::Listening;

/// How long requests may take to end once the server was told to stop. Longer than any but a stuck one: those that
/// wait for a secret are answered at once.
const LONGEST_STOP: Duration = Duration::from_secs(30);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not one of this machine's.
    #[error("cannot listen on {address}: {source}. Choose another address with {variable}.")]
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// The setting that says so.
        variable: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The admin socket cannot be made.
    #[error("cannot make the admin socket {path}: {source}")]
    AdminSocket {
        /// Where it was to be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The model's address cannot be used.
    #[error("STRONGROOM_MODEL_URL cannot be used: {0}")]
    Model(String),
    /// No thread can be had to start sandboxes from.
    #[error("cannot prepare sandboxes: {0}")]
    Sandboxes(io::Error),
    /// The public URL cannot be an origin.
    #[error("the public URL cannot be used: {0}")]
    PublicUrl(String),
}

/// A server that is running. It goes on until [`Running::stop`].
pub struct Running {
    vault: Vault,
    agents: Agents,
    public_url: PublicUrl,
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    listening: Listening,
    admin: AdminSocket,
    metrics_task: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts serving an open vault.
    ///
    /// # Errors
    /// [`StartError`]; nothing is left running then.
    pub async fn start(settings: Settings, vault: Vault) -> Result<Self, StartError> {
        let listener = listen(settings.address, "STRONGROOM_ADDR").await?;
        let address = listener.local_addr().unwrap_or(settings.address);
        let public_url = settings
            .public_url
            .clone()
            .unwrap_or_else(|| PublicUrl::of_listener(address));
        let metrics_listener = match settings.metrics_address {
            Some(address) => Some(listen(address, "STRONGROOM_METRICS_ADDR").await?),
            None => None,
        };
        let metrics_address = metrics_listener
            .as_ref()
            .and_then(|listener| listener.local_addr().ok());
        let metrics = metrics_listener.as_ref().map(|_| Metrics::new());
        let data_dir = settings.data_dir.clone();
        let agents = agents(&settings, &vault)?;
        let state = AppState::new(
            vault.clone(),
            agents.clone(),
            settings,
            public_url.clone(),
            metrics.clone(),
        );
        let router = application(&state)?;
        // The last that can fail; from here on tasks run.
        let admin = AdminSocket::open(&data_dir, vault.clone())
            .map_err(|(path, source)| StartError::AdminSocket { path, source })?;
        let metrics_task = metrics_listener
            .zip(metrics)
            .map(|(listener, metrics)| serve_metrics(listener, metrics));
        let listening = Listening::start(listener, router);
        Ok(Self {
            vault,
            agents,
            public_url,
            address,
            metrics_address,
            listening,
            admin,
            metrics_task,
        })
    }

    /// Where it listens, with the real port if 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics are served, if they are.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Where people reach it.
    pub fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// Stops: takes no more connections, answers those who wait for a secret, lets every request that has begun end,
    /// closes the vault and removes the admin socket. Gives up on requests after 30 s.
    pub async fn stop(self) {
        let remaining = self.listening.close().await;
        self.agents.shut_down().await;
        self.vault.begin_shutdown();
        remaining.finish(LONGEST_STOP).await;
        if let Some(task) = self.metrics_task {
            task.abort();
        }
        self.admin.close().await;
        self.vault.close().await;
    }
}

fn agents(settings: &Settings, vault: &Vault) -> Result<Agents, StartError> {
    let model = settings.model.clone().map(|endpoint| {
        let name = endpoint.model.clone();
        Model::new(endpoint).map(|model| (model, name))
    });
    Ok(Agents::new(
        vault.clone(),
        agent::Settings {
            model: model
                .transpose()
                .map_err(|error| StartError::Model(error.to_string()))?,
            runner: Arc::new(Bubblewrap::new(settings.sandboxes.clone()).map_err(StartError::Sandboxes)?),
        },
    ))
}

async fn listen(address: SocketAddr, variable: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen {
        address,
        variable,
        source,
    })
}

fn application(state: &AppState) -> Result<Router, StartError> {
    let router = routes::router()
        .with_state(state.clone())
        .merge(embed::router(state))
        .merge(mcp::router(state))
        .merge(pages::router(state))
        .method_not_allowed_fallback(routes::method_not_allowed);
    middleware::wrap(router, state).map_err(|error| StartError::PublicUrl(error.to_string()))
}

fn serve_metrics(listener: TcpListener, metrics: Metrics) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, metrics::router(metrics)).await {
            tracing::error!(error = %error, "Metrics are no longer served");
        }
    })
}
