//! A model's server that says what it was told to say, and keeps what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// The OpenAI-compatible interface, as far as a streamed answer goes. Its thread ends with the tests.
pub(crate) struct Model {
    pub(crate) base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Model {
    /// Calls `run_code` with each of `runs`, one after another, and then says that it is done.
    pub(crate) fn that_runs(runs: Vec<Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/v1", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&asked);
        thread::spawn(move || {
            let mut runs = runs.into_iter();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                keep.lock().unwrap().push(request(&stream));
                answer(stream, runs.next().as_ref());
            }
        });
        Self { base, asked }
    }

    /// Everything that it was asked, whole.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
    let length = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

fn answer(mut stream: TcpStream, run: Option<&Value>) {
    let delta = match run {
        Some(arguments) => json!({ "role": "assistant", "tool_calls": [{
            "index": 0, "id": "call_1", "type": "function",
            "function": { "name": "run_code", "arguments": arguments.to_string() },
        }] }),
        None => json!({ "role": "assistant", "content": "All done." }),
    };
    let reason = if run.is_some() { "tool_calls" } else { "stop" };
    let events = [
        json!({ "choices": [{ "index": 0, "delta": delta }] }),
        json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": reason }] }),
    ];
    let body: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{body}data: [DONE]\n\n"
    );
    // Whoever asked may have gone.
    let _ = stream.write_all(answer.as_bytes());
}
