use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::support::TestServer;

const A_MOMENT: Duration = Duration::from_millis(300);

async fn read_all(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    timeout(Duration::from_secs(20), stream.read_to_string(&mut text))
        .await
        .expect("it ends")
        .unwrap();
    text
}

#[tokio::test]
async fn whoever_waits_for_a_secret_is_answered_at_once_when_the_server_stops() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (_, token) = server.open(&ada, json!({})).await;
    let waiting: Vec<_> = (0..5)
        .map(|_| {
            tokio::spawn(
                server
                    .get("/api/v1/sandbox/env?require=X_TOKEN&wait=60")
                    .bearer(&token)
                    .send(),
            )
        })
        .collect();
    sleep(A_MOMENT).await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    for answer in waiting {
        answer.await.unwrap().problem(424, "missing-secrets");
    }
}

#[tokio::test]
async fn a_request_that_has_begun_is_finished_before_the_server_ends() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let address = server.running().address();
    let body = r#"{"name":"SLOW_KEY","value":"arrived"}"#;
    let (first, rest) = body.split_at(10);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/secrets HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{first}",
        ada.token,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    sleep(A_MOMENT).await;

    let stopping = tokio::spawn(server.stop());
    sleep(A_MOMENT * 3).await;
    assert!(!stopping.is_finished(), "the server did not wait");
    assert!(
        TcpStream::connect(address).await.is_err(),
        "new connections are refused"
    );
    stream.write_all(rest.as_bytes()).await.unwrap();
    let answer = read_all(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_client_that_keeps_asking_over_one_connection_loses_no_answer() {
    let server = TestServer::start().await;
    let address = server.running().address();
    let client = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut answered = 0;
        loop {
            stream
                .write_all(format!("GET /livez HTTP/1.1\r\nhost: {address}\r\n\r\n").as_bytes())
                .await
                .unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"}") {
                let read = stream.read_buf(&mut answer).await.unwrap();
                assert_ne!(read, 0, "closed without an answer, after {answered}");
            }
            answered += 1;
            if String::from_utf8(answer).unwrap().contains("connection: close") {
                return answered;
            }
            sleep(Duration::from_millis(5)).await;
        }
    });
    sleep(A_MOMENT).await;
    server.stop().await;
    assert!(client.await.unwrap() > 5);
}

#[tokio::test]
async fn a_connection_that_lies_idle_is_closed_and_holds_nothing_up() {
    let server = TestServer::start().await;
    let address = server.running().address();
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(format!("GET /livez HTTP/1.1\r\nhost: {address}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    sleep(A_MOMENT).await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(read_all(&mut idle).await.starts_with("HTTP/1.1 200"));
    assert_eq!(read_all(&mut silent).await, "");
}
