//! Measures the program as it is built for use, over real connections, against a baseline in the same run.
//!
//! `cargo xtask bench` builds the release programs and runs this. Figures are ratios first: milliseconds belong to one
//! machine, a ratio to a bare handler measured a moment before and after says more.

mod asking;
mod bare;
mod http;
mod load;
mod page;
mod redacting;
mod report;
mod running;
mod sandboxed;
mod scenarios;
mod standing;
mod strongroom;
mod talking;

use anyhow::Result;

#[tokio::main]
async fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        // The baseline runs in a process of its own, as the server does.
        Some("bare") => bare::serve().await,
        Some(part) => scenarios::run(part).await,
        None => scenarios::run_all().await,
    }
}
