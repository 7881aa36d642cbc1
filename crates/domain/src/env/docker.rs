//! `NAME=value`, nothing quoted: what `docker run --env-file` reads.

use zeroize::Zeroizing;

use super::{Entry, Refused, all_or_names};

/// Docker's reader gives up on a line of 64 KiB (Go's `bufio.MaxScanTokenSize`) and drops the whole file; some room is
/// left for its own bytes.
const MAX_LINE_BYTES: usize = 65_000;

pub(super) fn write(entries: &[Entry<'_>]) -> Result<Zeroizing<String>, Refused> {
    let entries = all_or_names(entries, check)?;
    let size = entries
        .iter()
        .map(|((name, value), ())| name.as_str().len() + value.len() + 2);
    let mut text = Zeroizing::new(String::with_capacity(size.sum()));
    for ((name, value), ()) in entries {
        text.push_str(name.as_str());
        text.push('=');
        // Exposed into the answer to a sandbox, which is what it is stored for.
        text.push_str(value.expose());
        text.push('\n');
    }
    Ok(text)
}

fn check(name: &str, value: &str) -> Result<(), &'static str> {
    if value.contains('\n') {
        return Err("it has a line break");
    }
    if value.contains('\r') {
        return Err("it has a carriage return");
    }
    if name.len() + 1 + value.len() > MAX_LINE_BYTES {
        return Err("its line would be longer than 65,000 bytes");
    }
    Ok(())
}
