//! Files on their way into a sandbox and out of it, as an archive on a pipe: the sandbox shares no folder with the machine.

use std::io::{self, PipeReader, Read as _};
use std::os::fd::OwnedFd;
use std::process::ChildStdin;
use std::sync::Arc;
use std::time::Duration;

use redact::Patterns;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe;

use crate::Job;
use crate::job::is_plain;

/// Bytes of a report that are read.
const MOST_REPORT: u64 = 4 << 20;
/// Files that come out, and bytes of each.
const MOST_FILES: usize = 16;
const MOST_BYTES: u64 = 64 << 10;
/// What a sandbox says first.
const UP: [u8; 3] = *b"up\n";
/// How long a sandbox may take to come up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Free blocks below which the disk was full.
const FEW_BLOCKS: u64 = 4;

/// What a sandbox says when its code has ended.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Whether the code had filled its disk.
    pub(super) is_full: bool,
    /// Text files that it left, redacted.
    pub(super) files: Vec<(String, String)>,
}

/// The code and the files beside it, as an archive.
pub(super) fn packed(job: &Job) -> io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    let code = job.whole_code();
    let main = (job.main(), &*code);
    let files = job.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    for (name, text) in [main].into_iter().chain(files) {
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(text.len()).unwrap_or(0));
        header.set_mode(0o600);
        archive.append_data(&mut header, name, text.as_bytes())?;
    }
    archive.into_inner()
}

/// Hands it in. A sandbox that ended before it was read says so by its end.
pub(super) async fn give(stdin: Option<ChildStdin>, archive: Vec<u8>) {
    let given = async {
        let stdin = stdin.ok_or(io::ErrorKind::NotFound)?;
        let mut stdin = tokio::process::ChildStdin::from_std(stdin)?;
        stdin.write_all(&archive).await?;
        stdin.shutdown().await
    };
    if let Err(error) = given.await {
        tracing::debug!(%error, "a sandbox did not take its files");
    }
}

/// The pipe on which a sandbox reports.
pub(super) struct Reporting(pipe::Receiver);

impl Reporting {
    pub(super) fn new(report: PipeReader) -> io::Result<Self> {
        Ok(Self(pipe::Receiver::from_owned_fd(OwnedFd::from(report))?))
    }

    /// Waits for its first words. Anything else, or nothing, means that it did not come up.
    pub(super) async fn is_up(&mut self) -> bool {
        let mut first = [0; UP.len()];
        let read = tokio::time::timeout(PATIENCE, self.0.read_exact(&mut first)).await;
        matches!(read, Ok(Ok(_))) && first == UP
    }

    /// The rest, as far as anybody reads it.
    pub(super) async fn rest(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // What was cut off is read as far as it is whole.
        let _whole = self.0.take(MOST_REPORT).read_to_end(&mut bytes).await;
        bytes
    }
}

impl Report {
    /// Written by a sandbox, so that anything may stand in it.
    pub(super) fn read(bytes: &[u8], job: &Job, patterns: &Arc<Patterns>) -> Self {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            return Self::default();
        };
        let (first, archive) = bytes.split_at(end + 1);
        let free: Option<u64> = std::str::from_utf8(first)
            .ok()
            .and_then(|line| line.trim().parse().ok());
        let mut files = Vec::new();
        let mut archive = tar::Archive::new(archive);
        let entries = archive.entries().into_iter().flatten().map_while(Result::ok);
        for mut entry in entries {
            let path = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned));
            let name = path.as_deref().map(|path| path.strip_prefix("./").unwrap_or(path));
            let Some(name) = name.filter(|name| is_plain(name) && entry.header().entry_type().is_file()) else {
                continue;
            };
            let mut text = String::new();
            let is_text = entry.size() <= MOST_BYTES && entry.read_to_string(&mut text).is_ok();
            let is_given = job.files.iter().any(|(given, before)| given == name && *before == text);
            if !is_text || is_given {
                continue;
            }
            // Name and text before they go anywhere.
            let clean = |text: &str| {
                let clean = redact::redact_all(patterns, text.as_bytes());
                String::from_utf8_lossy(&clean).into_owned()
            };
            files.push((clean(name), clean(&text)));
        }
        files.sort();
        files.truncate(MOST_FILES);
        Self {
            is_full: free.is_some_and(|free| free < FEW_BLOCKS),
            files,
        }
    }
}
