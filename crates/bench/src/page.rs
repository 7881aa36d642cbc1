//! The Secrets page of somebody with a thousand secrets, in a browser.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::report::line;
use crate::strongroom::{LOGIN, PASSWORD, Strongroom};

/// From the root of the tree, where `cargo xtask bench` starts this program.
const SCRIPT: &str = "end2end/bench/thousand.mjs";
const SECRETS: usize = 1000;
/// An account's limit unless configured, and so a batch's.
const BATCH: usize = 200;

/// Served, and searched.
pub(crate) async fn thousand() -> Result<()> {
    let strongroom = Strongroom::start_with("process", &[("STRONGROOM_MAX_SECRETS", "1200")]).await?;
    for first in (0..SECRETS).step_by(BATCH) {
        let secrets: Vec<Value> = (first..first + BATCH)
            .map(|number| {
                let description = format!("Opens a shed, number {number}");
                json!({ "name": format!("SERVICE_{number:04}_KEY"), "value": "value", "description": description })
            })
            .collect();
        strongroom.store(secrets).await?;
    }
    let mut node = Command::new("node");
    node.args([SCRIPT, &strongroom.running.base, LOGIN, PASSWORD]);
    let measured = node.stderr(Stdio::inherit()).output().await?;
    ensure!(
        measured.status.success(),
        "the browser could not measure: {}",
        measured.status
    );
    let figures: Value = serde_json::from_slice(&measured.stdout)?;
    let figure = |name: &str| figures.get(name).and_then(Value::as_f64).context("a figure is missing");
    let (served, keystroke) = (figure("served")?, figure("keystroke")?);
    line(
        "Secrets page with 1,000 secrets, served",
        &format!("{served:.1} ms"),
        "<= 50 ms",
    );
    line("  a keystroke in its search", &format!("{keystroke:.1} ms"), "<= 16 ms");
    Ok(())
}
