//! Load: so many connections, each sending as fast as it is answered, for so long.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::http::{Connection, Request};

/// What a connection sends as its n-th request.
pub(crate) type Requests = Arc<dyn Fn(usize, usize) -> Request + Send + Sync>;

/// How it went.
pub(crate) struct Outcome {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// Runs the load and demands the status of every answer; `None` takes any.
pub(crate) async fn run(
    base: &str,
    connections: usize,
    time: Duration,
    status: impl Into<Option<u16>>,
    requests: Requests,
) -> Result<Outcome> {
    let status = status.into();
    let begun = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|number| {
            tokio::spawn(one(
                base.to_owned(),
                number,
                begun + time,
                status,
                Arc::clone(&requests),
            ))
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let elapsed = begun.elapsed();
    ensure!(!times.is_empty(), "nothing was answered");
    let per_second = times.len() as f64 / elapsed.as_secs_f64();
    times.sort_unstable();
    Ok(Outcome {
        per_second,
        p50: share(&times, 0.5),
        p99: share(&times, 0.99),
    })
}

/// What so large a share of sorted times is not above.
pub(crate) fn share(times: &[Duration], share: f64) -> Duration {
    let at = (times.len().saturating_sub(1) as f64 * share) as usize;
    times.get(at).copied().unwrap_or_default()
}

async fn one(
    base: String,
    number: usize,
    until: Instant,
    status: Option<u16>,
    requests: Requests,
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(&base).await?;
    let mut times = Vec::new();
    let mut previous = None;
    while Instant::now() < until {
        let parts = requests(number, times.len());
        // A request that repeats is not written anew: the client's share of the cores stays small.
        let request = match previous.take() {
            Some((same, bytes)) if same == parts => bytes,
            _ => connection.request(&parts),
        };
        let sent = Instant::now();
        let answer = connection.send(&request).await?;
        times.push(sent.elapsed());
        ensure!(
            status.is_none_or(|status| answer.status == status),
            "status {} instead of {status:?}",
            answer.status
        );
        previous = Some((parts, request));
    }
    Ok(times)
}
