//! Connections: encryption, time limits, and what a failure of them means.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Proxy, ProxyProtocol};

use super::ApiError;
use super::resolver::KeepingResolver;
use crate::failure::Failure;
use crate::output;
use crate::server_url::ServerUrl;

/// How long it may take to find the host and to connect, encryption included. Together well below a minute: a person
/// or a job waits for it.
const CONNECTING: Duration = Duration::from_secs(10);

/// How long it may take to send a body, and to receive one: at most some megabytes.
const TRANSFER: Duration = Duration::from_secs(60);

/// Large enough for the usual environment in one piece. What is larger costs another read, not another page of memory
/// that has to be cleared in every run.
const BUFFER: usize = 16 * 1024;

/// An agent for one server. It follows no redirect, takes no cookie, and goes through a proxy only where the proxy
/// cannot read what passes.
pub(super) fn agent(server: &ServerUrl, ca_file: Option<&Path>) -> Result<Agent, Failure> {
    let mut config = Agent::config_builder()
        .user_agent(concat!("strongroom/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .input_buffer_size(BUFFER)
        .output_buffer_size(BUFFER)
        .timeout_resolve(Some(CONNECTING))
        .timeout_connect(Some(CONNECTING))
        .timeout_send_body(Some(TRANSFER))
        .timeout_recv_body(Some(TRANSFER))
        .proxy(if server.may_use_proxy() { proxy()? } else { None });
    if server.is_https() {
        config = config.https_only(true).tls_config(tls(ca_file)?);
    }
    Ok(Agent::with_parts(
        config.build(),
        DefaultConnector::default(),
        KeepingResolver::default(),
    ))
}

/// The one that the environment names: `ALL_PROXY` before `HTTPS_PROXY`. One that cannot be used is a refusal: to go
/// past it would show our address, and the server's, to whoever it was to hide them from.
fn proxy() -> Result<Option<Proxy>, Failure> {
    let proxy = Proxy::try_from_env();
    match &proxy {
        Some(socks) if !matches!(socks.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) => Err(Failure::new(
            "the proxy of the environment (ALL_PROXY, HTTPS_PROXY) is a SOCKS proxy, which this program cannot use: name an \
             http:// one, or start it without (env -u ALL_PROXY strongroom …)",
        )),
        _ => Ok(proxy),
    }
}

/// The system's certificate authorities, or those of `STRONGROOM_CA_FILE` instead of them.
fn tls(ca_file: Option<&Path>) -> Result<TlsConfig, Failure> {
    let roots = match ca_file {
        Some(path) => read_authorities(path)?,
        None => RootCerts::PlatformVerifier,
    };
    Ok(TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(roots)
        .build())
}

fn read_authorities(path: &Path) -> Result<RootCerts, Failure> {
    let shown = path.display();
    let pem = std::fs::read(path)
        .map_err(|error| Failure::new(format!("STRONGROOM_CA_FILE, {shown}, cannot be read: {error}")))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(Failure::new(format!("STRONGROOM_CA_FILE, {shown}, is damaged PEM"))),
        }
    }
    if certificates.is_empty() {
        return Err(Failure::new(format!(
            "STRONGROOM_CA_FILE, {shown}, holds no certificate in PEM"
        )));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

/// What a failed exchange means to the person who asked for it.
pub(super) fn explain(server: &ServerUrl, error: &ureq::Error) -> ApiError {
    let origin = server.origin();
    let (reason, transient) = match error {
        ureq::Error::HostNotFound => (
            format!("no host of the name in {origin} is known: check the address"),
            false,
        ),
        ureq::Error::Timeout(_) => (format!("{origin} does not answer in time: is the server well?"), true),
        ureq::Error::ConnectionFailed => (
            format!("cannot connect to {origin}: is the server running there?"),
            true,
        ),
        ureq::Error::Io(io) => explain_io(origin, io),
        ureq::Error::Rustls(tls) => (explain_tls(origin, tls), false),
        ureq::Error::BodyExceedsLimit(_) => (
            format!("{origin} sent more than an answer can be: check the address"),
            false,
        ),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => (
            format!("{origin} does not speak HTTP as expected: check the address (https or http, and the port)"),
            false,
        ),
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => (
            format!("the proxy did not connect to {origin}: check HTTPS_PROXY and NO_PROXY"),
            false,
        ),
        other => (
            format!("cannot speak to {origin}: {}", output::printable(&other.to_string())),
            false,
        ),
    };
    ApiError::Unreachable { reason, transient }
}

fn explain_io(origin: &str, error: &std::io::Error) -> (String, bool) {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return (explain_tls(origin, tls), false);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => (
            format!("nothing listens at {origin}: is the server running there?"),
            true,
        ),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::UnexpectedEof
        | ErrorKind::BrokenPipe => (
            format!("{origin} closed the connection before it answered: is it the right address (https or http)?"),
            true,
        ),
        // What the C library's resolver says has no kind of its own.
        _ if error.to_string().contains("lookup address") => (
            format!("no host of the name in {origin} is known: check the address"),
            false,
        ),
        _ => (
            format!("cannot connect to {origin}: {}", output::printable(&error.to_string())),
            true,
        ),
    }
}

fn explain_tls(origin: &str, error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(certificate) => format!(
            "the certificate of {origin} is not trusted ({certificate}): if its authority is your own, name it in STRONGROOM_CA_FILE"
        ),
        rustls::Error::InvalidMessage(_) => format!("{origin} does not answer with TLS: is it an http:// address?"),
        other => format!(
            "no encrypted connection to {origin}: {}",
            output::printable(&other.to_string())
        ),
    }
}
