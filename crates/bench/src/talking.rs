//! How long a model's word takes from its server to the page: through the client, redaction and the stream of events.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::report::{line, median};
use crate::strongroom::{LOGIN, PASSWORD, Strongroom};

const ROUNDS: usize = 30;
/// The model thinks, so that all that the question set off is over when its first word comes.
const THINKING: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn all() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/v1", listener.local_addr()?);
    let (spoken, mut said) = mpsc::unbounded_channel();
    let model = tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await?;
            spoken.send(answer(stream, number).await?)?;
        }
        anyhow::Ok(())
    });
    let settings = [("STRONGROOM_MODEL_URL", url.as_str()), ("STRONGROOM_MODEL", "a-model")];
    let strongroom = Strongroom::start_with("process", &settings).await?;
    let page = Page::begin(&strongroom.running.base).await?;
    said.recv().await.context("the model was not asked")?;
    let mut taken = Vec::new();
    for number in 1..=ROUNDS {
        tokio::time::sleep(THINKING).await;
        let mut events = page.events().await?;
        page.say().await?;
        let seen = tokio::time::timeout(PATIENCE, until(&mut events, &word(number))).await??;
        let said = said.recv().await.context("the model was not asked")?;
        taken.push(seen.duration_since(said).as_secs_f64() * 1000.0);
    }
    model.abort();
    line(
        "a model's first word, from its server to the page",
        &format!("{:.2} ms", median(taken)),
        "<= 20 ms",
    );
    Ok(())
}

fn word(number: usize) -> String {
    format!("word-{number}-of-the-model")
}

/// Answers one question; when its first word was sent.
async fn answer(mut stream: TcpStream, number: usize) -> Result<Instant> {
    let mut reader = BufReader::new(&mut stream);
    let mut length = 0;
    loop {
        let mut head = String::new();
        reader.read_line(&mut head).await?;
        if let Some(said) = head.to_lowercase().strip_prefix("content-length: ") {
            length = said.trim().parse()?;
        }
        if head == "\r\n" {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).await?;
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        .await?;
    tokio::time::sleep(THINKING).await;
    let said = Instant::now();
    let word = word(number);
    let first = format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{word} \"}}}}]}}\n\n");
    stream.write_all(first.as_bytes()).await?;
    tokio::time::sleep(THINKING).await;
    let last = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    stream.write_all(last.as_bytes()).await?;
    Ok(said)
}

/// Somebody who is signed in, and their chat.
struct Page {
    host: String,
    cookie: String,
    chat: String,
}

impl Page {
    async fn begin(base: &str) -> Result<Self> {
        let host = base.strip_prefix("http://").context("an address")?.to_owned();
        let password = PASSWORD.replace(' ', "+");
        let mut page = Self {
            host,
            cookie: String::new(),
            chat: String::new(),
        };
        let head = page
            .post("sign-in", &format!("login={LOGIN}&password={password}"))
            .await?;
        let cookie = header(&head, "set-cookie: ").context("not signed in")?;
        page.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let head = page.post("start-chat", "message=hello").await?;
        let place = header(&head, "location: ").context("no chat was begun")?;
        page.chat = place.split('?').next().unwrap_or_default().to_owned();
        Ok(page)
    }

    async fn say(&self) -> Result<()> {
        let id = self.chat.rsplit('/').next().unwrap_or_default();
        self.post("say-in-chat", &format!("id={id}&message=again"))
            .await
            .map(drop)
    }

    /// As a form without scripts; the head of the answer.
    async fn post(&self, endpoint: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.host).await?;
        let (host, cookie, length) = (&self.host, &self.cookie, body.len());
        let request = format!(
            "POST /api/ui/{endpoint} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\naccept: text/html\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        ensure!(
            answer.starts_with("HTTP/1.1 303"),
            "{endpoint} was not answered with a redirect"
        );
        Ok(answer)
    }

    async fn events(&self) -> Result<BufReader<TcpStream>> {
        let mut stream = TcpStream::connect(&self.host).await?;
        let (host, cookie, chat) = (&self.host, &self.cookie, &self.chat);
        let request = format!("GET {chat}/events HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        Ok(BufReader::new(stream))
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    let found = head.lines().find(|line| line.to_lowercase().starts_with(name))?;
    found.get(name.len()..).map(str::to_owned)
}

/// When a line with `text` came.
async fn until(events: &mut BufReader<TcpStream>, text: &str) -> Result<Instant> {
    let mut line = String::new();
    while !line.contains(text) {
        line.clear();
        ensure!(events.read_line(&mut line).await? > 0, "the events ended");
    }
    Ok(Instant::now())
}
