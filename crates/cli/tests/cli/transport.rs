//! Encryption, redirects and servers that are none. A few lines play the server where a real one would not misbehave.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::client::Client;
use crate::server::Server;

const TOKEN: &str = "sr_pat_ofTheTransportTests";
const NO_SECRETS: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"secrets\":[]}";

/// Answers every request with `answer`, and hands on what was asked.
fn plain_server(answer: String) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (heard, requests) = channel();
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let _ = heard.send(converse(connection, &answer));
        }
    });
    (url, requests)
}

/// The same behind TLS, with a certificate of its own authority; also gives that in PEM.
fn tls_server(name: &str) -> (String, String) {
    let own = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            converse(StreamOwned::new(tls, connection), NO_SECRETS);
        }
    });
    (url, own.cert.pem())
}

fn converse(mut stream: impl Read + Write, answer: &str) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
            _ => break,
        }
    }
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.flush();
    String::from_utf8_lossy(&request).into_owned()
}

fn client(url: &str) -> Client {
    Client::new(url, TOKEN)
}

#[test]
fn a_redirect_is_not_followed() {
    let (elsewhere, heard_elsewhere) = plain_server(NO_SECRETS.to_owned());
    let answer = format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/x\r\nContent-Length: 0\r\n\r\n");
    let (url, heard) = plain_server(answer);
    client(&url)
        .run(&["secrets", "list"])
        .refused(&["sends elsewhere", "STRONGROOM_URL"]);
    assert!(heard.recv().unwrap().contains(TOKEN), "the server itself was asked");
    assert!(heard_elsewhere.try_recv().is_err(), "the other one never heard of it");
}

#[test]
fn what_is_no_strongroom_server_is_recognised() {
    let page = "<html>It works!</html>";
    for status in ["200 OK", "404 Not Found", "502 Bad Gateway"] {
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
            page.len()
        );
        let (url, _heard) = plain_server(answer);
        client(&url).run(&["secrets", "list"]).refused(&[&url]);
    }
    let (url, _heard) = plain_server("SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned());
    client(&url).run(&["secrets", "list"]).refused(&["check the address"]);
}

#[test]
fn a_server_that_was_taken_over_cannot_say_what_the_command_loads() {
    let body = r#"{"LD_PRELOAD":"/tmp/hunter2.so","PATH":"/tmp/hunter2","GOOD":"value"}"#;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let (url, _heard) = plain_server(answer);
    let done = Client::new(&url, "sr_sbx_ofTheTransportTests")
        .run(&["run", "--", "sh", "-c", "echo ${LD_PRELOAD-none} $GOOD"])
        .succeeded();
    assert_eq!(done.out, "none value\n");
    for name in ["LD_PRELOAD", "PATH"] {
        assert!(done.err.contains(&format!("{name} is kept out")), "{done:?}");
    }
    assert!(!done.err.contains("hunter2"), "{done:?}");
}

#[test]
fn a_server_that_hangs_up_is_told() {
    let (url, _heard) = plain_server(String::new());
    client(&url)
        .run(&["secrets", "list"])
        .refused(&["closed the connection"]);
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused_until_it_is_named() {
    let (url, pem) = tls_server("localhost");
    client(&url)
        .run(&["secrets", "list"])
        .refused(&["not trusted", "STRONGROOM_CA_FILE"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let named = client(&url).set("STRONGROOM_CA_FILE", file.path().to_str().unwrap());
    assert_eq!(named.run(&["secrets", "list", "--json"]).succeeded().out, "[]\n");
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let (url, pem) = tls_server("elsewhere.example");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let named = client(&url).set("STRONGROOM_CA_FILE", file.path().to_str().unwrap());
    named.run(&["secrets", "list"]).refused(&["not trusted"]);
}

#[test]
fn a_file_of_authorities_that_holds_none_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let with = |path: &str| {
        client("https://localhost:1")
            .set("STRONGROOM_CA_FILE", path)
            .run(&["secrets", "list"])
    };
    with(file.path().to_str().unwrap()).refused(&["STRONGROOM_CA_FILE", "no certificate"]);
    with("/no/such/file").refused(&["STRONGROOM_CA_FILE", "cannot be read"]);
}

#[test]
fn https_to_a_server_without_it_is_explained() {
    let server = Server::start();
    client(&server.url.replace("http://", "https://"))
        .run(&["secrets", "list"])
        .refused(&["http://"]);
}

#[test]
fn without_encryption_no_token_goes_to_another_machine() {
    let refused = client("http://192.0.2.1").run(&["run", "true"]);
    refused.refused(&["192.0.2.1", "https://", "STRONGROOM_INSECURE_HTTP=1"]);
}

#[test]
fn a_proxy_never_stands_between_this_machine_and_itself() {
    let (_server, account) = Server::with_account();
    let client = account
        .client()
        .set("ALL_PROXY", "http://127.0.0.1:1")
        .set("http_proxy", "http://127.0.0.1:1");
    client.run(&["run", "--", "true"]).succeeded();
}

#[test]
fn a_proxy_that_cannot_be_used_is_not_gone_past() {
    for proxy in ["socks5://127.0.0.1:1", "socks5h://127.0.0.1:1", "socks4://127.0.0.1:1"] {
        client("https://192.0.2.1:1")
            .set("ALL_PROXY", proxy)
            .run(&["secrets", "list"])
            .refused(&["SOCKS"]);
    }
}

#[test]
fn a_host_that_nobody_knows_is_told() {
    client("https://no-such-host.invalid")
        .run(&["secrets", "list"])
        .refused(&["no host"]);
}

#[test]
fn nothing_listens_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    client(&format!("http://127.0.0.1:{port}"))
        .run(&["run", "true"])
        .refused(&["nothing listens"]);
}
