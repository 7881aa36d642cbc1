//! Whom to trust: the system's certificates, an operator's own authority among them, as the command line client does.

use std::sync::Arc;

use reqwest::Url;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use super::EndpointError;

/// What the client connects with. A model at `http://` needs no certificates, and works on a system that has none.
pub(super) fn config(address: &Url) -> Result<ClientConfig, EndpointError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| EndpointError::Tls)?;
    if address.scheme() == "http" {
        return Ok(builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth());
    }
    let trusting = builder.with_platform_verifier().map_err(|_| EndpointError::Tls)?;
    Ok(trusting.with_no_client_auth())
}
