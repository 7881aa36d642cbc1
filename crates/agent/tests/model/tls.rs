//! Servers that are not who they should be.

use std::sync::Arc;

use agent::model::ModelError;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::server::Server;
use crate::talk::{model, patience, saying, talk};

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (connection, _) = listener.accept().await.unwrap();
        TlsAcceptor::from(Arc::new(config)).accept(connection).await.map(drop)
    });
    let talk = talk(&model(&format!("https://localhost:{port}/v1"), patience())).await;
    assert_eq!(talk.outcome, Err(ModelError::Untrusted));
    assert!(server.await.unwrap().is_err(), "the connection was made all the same");
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_at_https() {
    let server = Server::answering([saying("yes")]).await;
    let url = server.url().replace("http:", "https:");
    assert_eq!(talk(&model(&url, patience())).await.outcome, Err(ModelError::Untrusted));
    assert!(server.asked().is_empty());
}
