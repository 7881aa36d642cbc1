//! What is measured.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::asking;
use crate::http::Request;
use crate::load::{self, Outcome, Requests};
use crate::page;
use crate::redacting;
use crate::report::{line, median, ms};
use crate::running;
use crate::sandboxed;
use crate::standing;
use crate::strongroom::{Running, Strongroom, start_bare};
use crate::talking;

const ENV: &str = "/api/v1/sandbox/env";
const ROUND: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;

/// What can be measured by itself.
const PARTS: [&str; 8] = [
    "serving",
    "standing",
    "flood",
    "asking",
    "redacting",
    "sandbox",
    "chat",
    "page",
];

/// All of it, some four minutes.
pub(crate) async fn run_all() -> Result<()> {
    for part in PARTS {
        run(part).await?;
    }
    Ok(())
}

/// One part of it.
pub(crate) async fn run(part: &str) -> Result<()> {
    match part {
        "serving" => serving().await,
        "standing" => standing::all().await,
        "flood" => standing::flooded().await,
        "asking" => asking::all().await,
        "redacting" => redacting::all(),
        "sandbox" => sandboxed::all().await,
        "chat" => talking::all().await,
        "page" => page::thousand().await,
        _ => bail!("there is no part `{part}`: {}", PARTS.join(", ")),
    }
}

async fn serving() -> Result<()> {
    let bare = start_bare().await?;
    let strongroom = Strongroom::start("process").await?;
    // First, since the disk is busy for a while with what the others write.
    running::all(&strongroom).await?;
    env_read(&bare, &strongroom).await?;
    writes(&strongroom).await?;
    drop(strongroom);
    env_read_on_disk(&bare).await
}

/// The same request again and again.
fn reading(token: &str) -> Requests {
    let request = Request::new("GET", ENV, token, "");
    Arc::new(move |_, _| request.clone())
}

async fn fetch(server: &Running, token: &str, connections: usize) -> Result<Outcome> {
    load::run(&server.base, connections, ROUND, 200, reading(token)).await
}

async fn env_read(bare: &Running, strongroom: &Strongroom) -> Result<()> {
    let token = strongroom.open_sandbox().await?;
    let (mut ratios, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Baseline first and second in turn, so that a machine that warms up favours neither.
        let baseline = fetch(bare, &token, 32).await?.per_second;
        let measured = fetch(&strongroom.running, &token, 32).await?.per_second;
        ratios.push(measured / baseline);
        ours.push(measured);
        theirs.push(baseline);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    line(
        "bare axum, 20-secret JSON, 32 connections",
        &format!("{theirs:.0}/s"),
        "-",
    );
    line(
        "env read, 20 secrets, 32 connections, recorded",
        &format!("{ours:.0}/s"),
        "-",
    );
    line(
        "  over bare axum",
        &format!("{:.3}x", median(ratios)),
        ">= 0.12x (aim 0.25x)",
    );
    let alone = fetch(&strongroom.running, &token, 1).await?;
    line("  one connection, p50", &ms(alone.p50), "<= 0.5 ms (aim 0.2)");
    line("  one connection, p99", &ms(alone.p99), "<= 2 ms (aim 1)");
    Ok(())
}

async fn env_read_on_disk(bare: &Running) -> Result<()> {
    let strongroom = Strongroom::start("power").await?;
    let token = strongroom.open_sandbox().await?;
    let baseline = fetch(bare, &token, 64).await?.per_second;
    let measured = fetch(&strongroom.running, &token, 64).await?.per_second;
    line(
        "env read, records at power durability, 64 connections",
        &format!("{measured:.0}/s"),
        ">= 2,000/s (aim 10,000)",
    );
    line("  over bare axum", &format!("{:.3}x", measured / baseline), "-");
    Ok(())
}

async fn writes(strongroom: &Strongroom) -> Result<()> {
    let token = strongroom.api_token.clone();
    let requests: Requests = Arc::new(move |connection, number| {
        // Over the 20 names that are there, so that the account stays the size it is.
        let name = format!("SERVICE_{:02}_API_KEY", (connection * 7 + number) % 20);
        let body = format!(r#"{{"value":"{number:08}k3yV4lu3k3yV4lu3k3yV4lu3k3yV4lu3"}}"#);
        Request::new("PATCH", &format!("/api/v1/secrets/{name}"), &token, &body)
    });
    let outcome = load::run(&strongroom.running.base, 8, ROUND, 200, requests).await?;
    line(
        "secret written over HTTP, 8 connections",
        &format!("{:.0}/s", outcome.per_second),
        ">= 250/s (aim 2,000)",
    );
    line("  p99", &ms(outcome.p99), "-");
    Ok(())
}
