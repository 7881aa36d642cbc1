//! What it takes to stand there: starting on a database that exists, memory without work, and many other users.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Executor as _};

use crate::http::{Connection, Request};
use crate::load::{self, Requests};
use crate::report::{line, median, ms};
use crate::strongroom::Strongroom;

const STARTS: usize = 15;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
/// Time for what a start leaves to the background.
const SETTLED: Duration = Duration::from_secs(2);

/// A hundred thousand accounts with five secrets and ten records each, copied in the file from the one that is there:
/// their rows are as large and stand in the same indexes, and nobody opens them.
const MANY: &str = "
    PRAGMA foreign_keys = ON;
    BEGIN;
    CREATE TEMP TABLE new AS
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        SELECT i, randomblob(16) AS user, randomblob(16) AS key FROM n;
    CREATE TEMP TABLE kept AS
        SELECT s.*, v.envelope AS envelope, v.created_by AS created_by
        FROM secrets s JOIN secret_versions v ON v.secret_id = s.id AND v.version = s.version LIMIT 5;
    CREATE TEMP TABLE new_secrets AS
        SELECT new.user, new.key, kept.name, kept.description, kept.created_at AS at, kept.envelope, kept.created_by,
               randomblob(16) AS id
        FROM new JOIN kept;
    INSERT INTO users (id, login, login_key, role, password_hash, mark, password_changed_at, created_at)
        SELECT new.user, 'user' || new.i, 'user' || new.i, 'member', u.password_hash, u.mark, u.password_changed_at, u.created_at
        FROM new JOIN (SELECT * FROM users LIMIT 1) u;
    INSERT INTO data_keys (id, user_id, term, wrapped, commitment, encryptions, created_at)
        SELECT new.key, new.user, k.term, k.wrapped, k.commitment, 5, k.created_at
        FROM new JOIN (SELECT * FROM data_keys LIMIT 1) k;
    INSERT INTO secrets (id, user_id, name, description, version, revision, created_at, changed_at, updated_at)
        SELECT id, user, name, description, 1, 1, at, at, at FROM new_secrets;
    INSERT INTO secret_versions (secret_id, version, data_key_id, envelope, created_at, created_by)
        SELECT id, 1, key, envelope, at, created_by FROM new_secrets;
    INSERT INTO activity (user_id, id, at, kind, actor, name_set)
        SELECT new.user, randomblob(16), a.at, a.kind, a.actor, a.name_set
        FROM new JOIN (SELECT * FROM activity LIMIT 10) a;
    COMMIT;
";

/// All of it.
pub(crate) async fn all() -> Result<()> {
    let mut strongroom = Strongroom::start("process").await?;
    let token = strongroom.open_sandbox().await?;
    fetch(&strongroom, &token).await?;
    strongroom.stop().await?;
    started(&mut strongroom, "start of the server to a 200 from /readyz").await?;
    tokio::time::sleep(SETTLED).await;
    let idle = rss_anon(&strongroom)?;
    line(
        "memory without work (RssAnon)",
        &format!("{idle:.1} MiB"),
        "<= 20 MiB (aim 10)",
    );
    among_many(strongroom, &token).await
}

/// The median of some starts, the last of which goes on.
async fn started(strongroom: &mut Strongroom, what: &str) -> Result<()> {
    let mut times = Vec::with_capacity(STARTS);
    for start in 0..STARTS {
        let begun = Instant::now();
        strongroom.start_again().await?;
        let mut connection = Connection::open(&strongroom.running.base).await?;
        let request = connection.request(&Request::new("GET", "/readyz", "", ""));
        ensure!(connection.send(&request).await?.status == 200, "it is not ready");
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        if start + 1 < STARTS {
            strongroom.stop().await?;
        }
    }
    line(what, &format!("{:.1} ms", median(times)), "<= 50 ms (aim 15)");
    Ok(())
}

async fn among_many(mut strongroom: Strongroom, token: &str) -> Result<()> {
    let alone = fetch(&strongroom, token).await?;
    strongroom.stop().await?;
    let file = SqliteConnectOptions::new().filename(strongroom.database());
    let mut database = SqliteConnection::connect_with(&file).await?;
    database.execute(MANY).await?;
    database.close().await?;
    started(&mut strongroom, "  the same with 100,000 users").await?;
    tokio::time::sleep(SETTLED).await;
    let among = fetch(&strongroom, token).await?;
    line(
        "env read, one connection, p50 with 100,000 users over that with 1",
        &format!("{:.2}x", among / alone),
        "<= 1.5x (aim 1.2)",
    );
    Ok(())
}

/// The median of some rounds' p50, in seconds.
async fn fetch(strongroom: &Strongroom, token: &str) -> Result<f64> {
    let request = Request::new("GET", "/api/v1/sandbox/env", token, "");
    let requests: Requests = Arc::new(move |_, _| request.clone());
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let outcome = load::run(&strongroom.running.base, 1, ROUND, 200, Arc::clone(&requests)).await?;
        rounds.push(outcome.p50.as_secs_f64());
    }
    Ok(median(rounds))
}

/// In MiB: what is nobody else's, files left out.
fn rss_anon(strongroom: &Strongroom) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", strongroom.running.id()?))?;
    let line = status.lines().find(|line| line.starts_with("RssAnon"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(kib.context("the system does not say it")?.parse::<f64>()? / 1024.0)
}

/// The env read while 48 connections guess passwords as fast as they are answered.
pub(crate) async fn flooded() -> Result<()> {
    const GUESSERS: usize = 48;
    let strongroom = Strongroom::start_with("process", &[("STRONGROOM_TRUSTED_PROXIES", "127.0.0.1")]).await?;
    strongroom.store_all().await?;
    let token = strongroom.open_sandbox().await?;
    let request = Request::new("GET", "/api/v1/sandbox/env", &token, "");
    let reading: Requests = Arc::new(move |_, _| request.clone());
    let quiet = load::run(&strongroom.running.base, 1, ROUND, 200, Arc::clone(&reading)).await?;
    let guessing: Requests = Arc::new(|connection, number| {
        // From another address each time, or guessing is refused before anything is looked at.
        let from = format!("10.{connection}.{}.{}", number / 250, number % 250);
        let form = format!("login=nobody{connection}&password=guess+{number}&next=");
        Request::form("/api/ui/sign-in", from, form)
    });
    let base = strongroom.running.base.clone();
    let flood = tokio::spawn(async move { load::run(&base, GUESSERS, ROUND + SETTLED, None, guessing).await });
    tokio::time::sleep(SETTLED / 2).await;
    let amid = load::run(&strongroom.running.base, 1, ROUND, 200, reading).await?;
    let guesses = flood.await??.per_second;
    line(
        "sign-ins answered in a flood, 48 connections",
        &format!("{guesses:.0}/s"),
        "-",
    );
    line("  env read meanwhile, p99", &ms(amid.p99), "-");
    line(
        "  over its p99 without the flood",
        &format!("{:.2}x", amid.p99.as_secs_f64() / quiet.p99.as_secs_f64()),
        "<= 2x",
    );
    Ok(())
}
