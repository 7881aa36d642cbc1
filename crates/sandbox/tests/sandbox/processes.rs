//! What runs on this machine.

use std::fs;
use std::time::Duration;

/// A number of seconds that no other process sleeps for, so that this one can be recognised.
pub(crate) fn endless(number: u32) -> String {
    format!("{number}.{:07}", std::process::id())
}

/// Processes on this machine that sleep for so long.
pub(crate) fn sleeping(endless: &str) -> Vec<u32> {
    let line = format!("sleep\0{endless}\0");
    let all = all().into_iter();
    all.filter(|pid| fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|own| own == line.as_bytes()))
        .collect()
}

/// Waits until something sleeps for so long.
pub(crate) async fn seen(endless: &str) {
    until(|| !sleeping(endless).is_empty()).await;
}

/// Waits until nothing sleeps for so long: what is killed takes the kernel a moment to clear up.
pub(crate) async fn gone(endless: &str) {
    until(|| sleeping(endless).is_empty()).await;
}

/// Waits until it is so.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let looking = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // So that a failure is one, and not a test that never ends.
    tokio::time::timeout(Duration::from_secs(60), looking)
        .await
        .expect("it does not come to be so");
}

/// Processes that a process has started, and those that they have.
pub(crate) fn descendants(of: u32) -> Vec<u32> {
    let all: Vec<_> = all().into_iter().filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut found = vec![of];
    let mut at = 0;
    while let Some(&parent) = found.get(at) {
        found.extend(all.iter().filter(|(_, own)| *own == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    found.split_off(1)
}

pub(crate) fn is_there(pid: u32) -> bool {
    // What has ended and is not cleared away by its parent is gone too.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with('Z') && !rest.starts_with('X'))
}

fn all() -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(1)?.parse().ok()
}
