//! `strongroom run`: what it adds to starting a command, and what it adds to a pipe by redacting.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Result, ensure};
use tokio::process::Command;

use crate::redacting;
use crate::report::{line, median};
use crate::strongroom::{Strongroom, program};

const STARTS: usize = 200;
const PIPES: usize = 5;
const GIBIBYTE: usize = 1 << 30;

/// With the 20 secrets, all of them redacted.
pub(crate) async fn all(strongroom: &Strongroom) -> Result<()> {
    start(strongroom).await?;
    pipe(strongroom).await
}

async fn start(strongroom: &Strongroom) -> Result<()> {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        // Through pipes, so that there is something to redact.
        let mut run = client(strongroom, &["true"])?;
        with.push(timed(run.stdout(Stdio::piped()).stderr(Stdio::piped())).await?);
        without.push(timed(Command::new("true").stdout(Stdio::piped()).stderr(Stdio::piped())).await?);
    }
    let (with, without) = (median(with), median(without));
    line("`true` by itself", &format!("{without:.2} ms"), "-");
    line(
        "`strongroom run -- true` beyond that, redacting",
        &format!("+{:.2} ms", with - without),
        "<= +5 ms (aim +2)",
    );
    Ok(())
}

/// `cat FILE | cat > /dev/null`, and the same with `strongroom run` in the place of the second `cat`.
async fn pipe(strongroom: &Strongroom) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("gibibyte");
    write(&path)?;
    let name = path.to_string_lossy().into_owned();
    let (mut ratios, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..PIPES {
        let mut cat = Command::new("sh");
        cat.args(["-c", "cat \"$1\" | cat > /dev/null", "sh", &name]);
        let baseline = timed(&mut cat).await?;
        let mut run = client(strongroom, &["cat", &name])?;
        ratios.push(timed(run.stdout(Stdio::null())).await? / baseline);
        plain.push(baseline);
    }
    line("1 GiB through `cat | cat`", &format!("{:.0} ms", median(plain)), "-");
    line(
        "  through `strongroom run -- cat`, over that",
        &format!("{:.2}x", median(ratios)),
        "<= 1.5x (aim 1.1x)",
    );
    Ok(())
}

fn write(path: &Path) -> Result<()> {
    let text = redacting::text();
    let mut file = File::create(path)?;
    let mut left = GIBIBYTE;
    while left > 0 {
        let part = text.get(..left.min(text.len())).unwrap_or_default();
        file.write_all(part)?;
        left -= part.len();
    }
    Ok(())
}

fn client(strongroom: &Strongroom, command: &[&str]) -> Result<Command> {
    let mut run = Command::new(program("strongroom")?);
    run.args(["run", "--"])
        .args(command)
        .env("STRONGROOM_URL", &strongroom.running.base)
        .env("STRONGROOM_TOKEN", &strongroom.api_token);
    Ok(run)
}

/// Milliseconds until it has ended well.
pub(crate) async fn timed(command: &mut Command) -> Result<f64> {
    let begun = Instant::now();
    let output = command.spawn()?.wait_with_output().await?;
    ensure!(output.status.success(), "the command failed: {}", output.status);
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}
