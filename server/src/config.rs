//! Settings, from environment variables alone. Each is parsed when the program starts, so that a mistake is told
//! at once, with the variable's name, what is wrong and an example, and never in the middle of a request.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use vault::{Durability, Limits, RootKeySource, SignupPolicy};

mod chat;
mod network;
mod public_url;
mod sandboxes;
mod storage;
mod variable;

pub use public_url::PublicUrl;
pub(crate) use public_url::is_loopback_host;
pub use variable::{ConfigError, Environment};

use variable::{flag, number};

/// What the log shows unless `STRONGROOM_LOG` says otherwise.
const DEFAULT_LOG: &str = "info";

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen.
    pub address: SocketAddr,
    /// The folder that holds the database, the root key and the admin socket.
    pub data_dir: PathBuf,
    /// The SQLite file.
    pub database: PathBuf,
    /// Where the root key comes from; its `Debug` shows no key.
    pub root_key: RootKey,
    /// The address that people type, when it is not the one listened on.
    pub public_url: Option<PublicUrl>,
    /// Who may make an account.
    pub signup: SignupPolicy,
    /// What a record of use survives.
    pub durability: Durability,
    /// Limits of an account and of the records.
    pub limits: Limits,
    /// Whether the operator accepts a session cookie that the network can read.
    pub insecure_http: bool,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where metrics are served, if anywhere.
    pub metrics_address: Option<SocketAddr>,
    /// The language model that answers in chats, if any; its `Debug` shows no key.
    pub model: Option<agent::model::Endpoint>,
    /// Places that are not public and that code in sandboxes may reach.
    pub sandboxes: sandbox::Settings,
    /// The filter of the log, in the syntax of `tracing_subscriber::EnvFilter`.
    pub log: String,
}

pub use storage::RootKey;

impl Settings {
    /// Reads and checks all settings.
    ///
    /// # Errors
    /// The first variable that is not right. Settings that only go wrong together are checked last.
    pub fn from_environment(environment: &Environment<'_>) -> Result<Self, ConfigError> {
        let data_dir = storage::data_dir(environment)?;
        let defaults = vault::Config::new(&data_dir).limits;
        let insecure_http = flag(environment, "STRONGROOM_INSECURE_HTTP")?;
        let settings = Self {
            address: network::address(environment)?,
            database: storage::database(environment, &data_dir)?,
            root_key: storage::root_key(environment, &data_dir)?,
            public_url: network::public_url(environment)?,
            signup: signup(environment)?,
            durability: storage::durability(environment)?,
            limits: Limits {
                secrets_per_user: number(environment, "STRONGROOM_MAX_SECRETS", 1..=100_000)?
                    .unwrap_or(defaults.secrets_per_user),
                kept_versions: number(environment, "STRONGROOM_KEPT_VERSIONS", 0..=100)?
                    .unwrap_or(defaults.kept_versions),
                record_days: number(environment, "STRONGROOM_RECORD_DAYS", 1..=36_500)?.unwrap_or(defaults.record_days),
            },
            insecure_http,
            trusted_proxies: network::trusted_proxies(environment)?,
            metrics_address: network::metrics_address(environment)?,
            model: chat::model(environment, insecure_http)?,
            sandboxes: sandboxes::sandboxes(environment)?,
            log: environment
                .text("STRONGROOM_LOG")?
                .unwrap_or_else(|| DEFAULT_LOG.to_owned()),
            data_dir,
        };
        settings.check_exposure()?;
        Ok(settings)
    }

    /// What the vault is opened with.
    pub fn vault_config(&self) -> vault::Config {
        let mut config = vault::Config::new(&self.data_dir);
        config.database.clone_from(&self.database);
        config.root_key = match &self.root_key {
            RootKey::File(path) => RootKeySource::File(path.clone()),
            RootKey::Hex(digits) => RootKeySource::Hex(digits.clone()),
        };
        config.record_durability = self.durability;
        config.signup = self.signup;
        config.limits = self.limits;
        config
    }

    /// Whether the server is reached at this machine alone, as far as the settings say: then loopback names are
    /// good `Host`s, and browsers protect the cookie without TLS.
    pub fn is_loopback(&self) -> bool {
        self.address.ip().is_loopback() || self.public_url.as_ref().is_some_and(PublicUrl::is_loopback)
    }

    /// Whether browsers will keep a `Secure` cookie: over https, and on loopback names also over http
    /// (W3C Secure Contexts, "potentially trustworthy origin").
    pub fn cookies_are_secure(&self) -> bool {
        self.public_url
            .as_ref()
            .is_none_or(|url| url.is_https() || url.is_loopback())
    }

    /// Where a proxy is believed about the client's address.
    pub fn trusts_proxy(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&peer))
    }

    /// A server that others reach needs to know its name, and needs TLS in front unless the operator says otherwise.
    fn check_exposure(&self) -> Result<(), ConfigError> {
        match &self.public_url {
            None if !self.address.ip().is_loopback() => Err(ConfigError::new(
                "STRONGROOM_PUBLIC_URL",
                format!(
                    "is needed because STRONGROOM_ADDR={} is reachable from other machines: requests for any other name are refused",
                    self.address
                ),
                "https://strongroom.example.org",
            )),
            Some(url) if !self.cookies_are_secure() && !self.insecure_http => Err(ConfigError::new(
                "STRONGROOM_PUBLIC_URL",
                format!(
                    "is {url}: over plain http anyone on the way can take the session cookie. Put TLS in front, or accept that with STRONGROOM_INSECURE_HTTP=1"
                ),
                "https://strongroom.example.org",
            )),
            _ => Ok(()),
        }
    }
}

fn signup(environment: &Environment<'_>) -> Result<SignupPolicy, ConfigError> {
    const NAME: &str = "STRONGROOM_SIGNUP";
    match environment.text(NAME)?.as_deref() {
        None | Some("first") => Ok(SignupPolicy::First),
        Some("open") => Ok(SignupPolicy::Open),
        Some("closed") => Ok(SignupPolicy::Closed),
        Some(other) => Err(ConfigError::new(
            NAME,
            format!("is `{other}`: neither first, open nor closed"),
            "first",
        )),
    }
}

#[cfg(test)]
mod tests;
