//! Secret requests: how many can be made, how soon the agent knows of an answer, how soon the field can be typed in.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::process::Command;

use crate::http::{Connection, Request};
use crate::load::{self, Requests, share};
use crate::report::{line, ms};
use crate::strongroom::Strongroom;

const REQUESTS: &str = "/api/v1/requests";
const USERS: usize = 1000;
const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(4);
const SUBMISSIONS: usize = 300;
/// Where the host's page of the field is served from, by the script.
const HOST: &str = "http://chat.localhost:4810";
/// From the root of the tree, where `cargo xtask bench` starts this program.
const SCRIPT: &str = "end2end/bench/field.mjs";

/// All of it.
pub(crate) async fn all() -> Result<()> {
    let strongroom = Strongroom::start_with("process", &[]).await?;
    let key = strongroom.add_platform(HOST, 2 * USERS).await?;
    made(&strongroom, &key).await?;
    submitted(&strongroom, &key).await?;
    usable(&strongroom, &key).await
}

fn asking(key: &str, user: &str, name: &str) -> Request {
    let body = format!(r#"{{"secrets":[{{"name":"{name}"}}],"user_label":"{user}"}}"#);
    Request::new("POST", REQUESTS, key, &body).of(user)
}

async fn made(strongroom: &Strongroom, key: &str) -> Result<()> {
    let base = &strongroom.running.base;
    let mut connection = Connection::open(base).await?;
    for user in 0..USERS {
        // Who they are is known before the clock runs.
        let bytes = connection
            .request(&Request::new("POST", REQUESTS, key, r#"{"secrets":[{"name":"FIRST"}]}"#).of(&format!("u{user}")));
        let answer = connection.send(&bytes).await?;
        ensure!(answer.status == 201, "a request was answered with {}", answer.status);
    }
    let key = key.to_owned();
    let requests: Requests = Arc::new(move |connection, number| {
        let user = (connection + number * CONNECTIONS) % USERS;
        let body = r#"{"secrets":[{"name":"X_TOKEN"}],"reason":"To measure"}"#;
        Request::new("POST", REQUESTS, &key, body).of(&format!("u{user}"))
    });
    let outcome = load::run(base, CONNECTIONS, ROUND, 201, requests).await?;
    line(
        "requests made, over 1,000 users, 32 connections",
        &format!("{:.0}/s", outcome.per_second),
        ">= 1,000/s",
    );
    Ok(())
}

/// From the moment that the field sends the value until the agent, who waits, has the outcome.
async fn submitted(strongroom: &Strongroom, key: &str) -> Result<()> {
    let base = &strongroom.running.base;
    let mut person = Connection::open(base).await?;
    let mut times = Vec::with_capacity(SUBMISSIONS);
    for round in 0..SUBMISSIONS {
        // Twenty of an account are as many as an environment is likely to hold.
        let user = format!("submits{}", round / 20);
        let name = format!("KEY_{round}");
        let asked = person.request(&asking(key, &user, &name));
        let asked: Value = serde_json::from_slice(&person.send(&asked).await?.body)?;
        let text = |pointer: &str| {
            asked
                .pointer(pointer)
                .and_then(Value::as_str)
                .context("an answer without it")
        };
        let (id, token) = (text("/id")?.to_owned(), text("/embed/token")?);

        let mut agent = Connection::open(base).await?;
        let wait = agent.request(&Request::new("GET", &format!("{REQUESTS}/{id}?wait=30"), key, "").of(&user));
        let waiting = tokio::spawn(async move {
            let answer = agent.send(&wait).await?;
            let known = Instant::now();
            let answer: Value = serde_json::from_slice(&answer.body)?;
            ensure!(
                answer.pointer("/status").and_then(Value::as_str) == Some("stored"),
                "{answer}"
            );
            Ok(known)
        });
        // Long enough for the agent's call to be waiting.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let body = format!(r#"{{"answers":[{{"name":"{name}","answer":"save","value":"k3yV4lu3k3yV4lu3"}}]}}"#);
        let submit = person.request(&Request::new("POST", &format!("{REQUESTS}/{id}/field"), token, &body));
        let sent = Instant::now();
        let answer = person.send(&submit).await?;
        ensure!(answer.status == 200, "the field was answered with {}", answer.status);
        times.push(waiting.await??.saturating_duration_since(sent));
    }
    times.sort_unstable();
    line(
        "submitted in the field until the waiting agent knows, p50",
        &ms(share(&times, 0.5)),
        "-",
    );
    line("  p99", &ms(share(&times, 0.99)), "<= 50 ms");
    Ok(())
}

/// In a browser: from the first byte of the frame until there is a field to type in.
async fn usable(strongroom: &Strongroom, key: &str) -> Result<()> {
    let mut node = Command::new("node");
    node.args([SCRIPT, &strongroom.running.base, key, HOST]);
    let measured = node.stderr(Stdio::inherit()).output().await?;
    ensure!(
        measured.status.success(),
        "the browser could not measure: {}",
        measured.status
    );
    let figures: Value = serde_json::from_slice(&measured.stdout)?;
    let usable = figures
        .get("usable")
        .and_then(Value::as_f64)
        .context("a figure is missing")?;
    line(
        "the field can be typed in, after the frame's first byte",
        &format!("{usable:.1} ms"),
        "<= 100 ms",
    );
    Ok(())
}
