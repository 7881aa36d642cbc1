//! Where the server listens, what it is called, and which proxies stand before it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;

use super::public_url::PublicUrl;
use super::variable::{ConfigError, Environment};

const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

pub(super) fn address(environment: &Environment<'_>) -> Result<SocketAddr, ConfigError> {
    Ok(socket(environment, "STRONGROOM_ADDR", "127.0.0.1:3000")?.unwrap_or(DEFAULT_ADDRESS))
}

/// Metrics say which calls are made and how often, so they have an address of their own that need not be public.
pub(super) fn metrics_address(environment: &Environment<'_>) -> Result<Option<SocketAddr>, ConfigError> {
    socket(environment, "STRONGROOM_METRICS_ADDR", "127.0.0.1:9464")
}

fn socket(
    environment: &Environment<'_>,
    name: &'static str,
    example: &'static str,
) -> Result<Option<SocketAddr>, ConfigError> {
    let Some(text) = environment.text(name)? else {
        return Ok(None);
    };
    match text.parse() {
        Ok(address) => Ok(Some(address)),
        Err(_) => Err(ConfigError::new(
            name,
            format!("is `{text}`: it is an IP address and a port"),
            example,
        )),
    }
}

pub(super) fn public_url(environment: &Environment<'_>) -> Result<Option<PublicUrl>, ConfigError> {
    const NAME: &str = "STRONGROOM_PUBLIC_URL";
    let Some(text) = environment.text(NAME)? else {
        return Ok(None);
    };
    match PublicUrl::parse(&text) {
        Ok(url) => Ok(Some(url)),
        Err(problem) => Err(ConfigError::new(
            NAME,
            format!("is `{text}`: {problem}"),
            "https://strongroom.example.org",
        )),
    }
}

/// Addresses or networks, separated by commas.
pub(super) fn trusted_proxies(environment: &Environment<'_>) -> Result<Vec<IpNet>, ConfigError> {
    const NAME: &str = "STRONGROOM_TRUSTED_PROXIES";
    let Some(text) = environment.text(NAME)? else {
        return Ok(Vec::new());
    };
    text.split(',')
        .map(str::trim)
        .map(|part| {
            part.parse::<IpNet>()
                .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| {
                    ConfigError::new(
                        NAME,
                        format!("has `{part}`, which is neither an IP address nor a network"),
                        "127.0.0.1,10.0.0.0/8",
                    )
                })
        })
        .collect()
}
