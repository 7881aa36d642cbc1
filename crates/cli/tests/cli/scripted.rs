//! A server that answers what a test says, in that order: for what a real one does only when a person takes part.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) struct Scripted {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

/// One call that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// `GET /path?query`.
    pub(crate) call: String,
    pub(crate) token: String,
    /// Null if there was none.
    pub(crate) body: Value,
}

/// What is answered to one call.
pub(crate) struct Answer {
    status: u16,
    body: Value,
    after: Duration,
}

pub(crate) fn answer(status: u16, body: Value) -> Answer {
    Answer {
        status,
        body,
        after: Duration::ZERO,
    }
}

/// A problem document of that kind, with members of its own.
pub(crate) fn problem(status: u16, kind: &str, mut members: Value) -> Answer {
    members["type"] = format!("/problems/{kind}").into();
    answer(status, members)
}

impl Answer {
    /// The call is held that long.
    pub(crate) fn after(mut self, held: Duration) -> Self {
        self.after = held;
        self
    }
}

impl Scripted {
    pub(crate) fn answering(script: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(VecDeque::from(script)));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let calls = Arc::clone(&heard);
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let (script, calls) = (Arc::clone(&script), Arc::clone(&calls));
                thread::spawn(move || {
                    let Some(call) = read(&connection) else { return };
                    calls.lock().unwrap().push(call);
                    let next = script.lock().unwrap().pop_front();
                    let detail = json!({"detail": "The script is over."});
                    respond(connection, &next.unwrap_or_else(|| problem(500, "internal", detail)));
                });
            }
        });
        Self { url, heard }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// The calls alone, in their order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.heard().into_iter().map(|heard| heard.call).collect()
    }
}

fn read(connection: &TcpStream) -> Option<Heard> {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let call = line.rsplit_once(' ')?.0.to_owned();
    let (mut token, mut length) = (String::new(), 0);
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => token = value.trim_start_matches("Bearer ").to_owned(),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Heard {
        call,
        token,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    })
}

fn respond(mut connection: TcpStream, answer: &Answer) {
    thread::sleep(answer.after);
    let body = answer.body.to_string();
    let _ = write!(
        connection,
        "HTTP/1.1 {} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        answer.status,
        body.len()
    );
}
