//! `export NAME='value'`: the one lossless text form of POSIX shells (Shell Command Language 2.2.2).

use zeroize::Zeroizing;

use super::Entry;

pub(super) fn write(entries: &[Entry<'_>]) -> Zeroizing<String> {
    // `export `, `=`, two quotes and the line break; three more bytes for each quote within.
    let size = entries
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 3 * quotes(value.expose()) + 11);
    let mut text = Zeroizing::new(String::with_capacity(size.sum()));
    for (name, value) in entries {
        text.push_str("export ");
        text.push_str(name.as_str());
        text.push_str("='");
        // Exposed into the answer to a sandbox, which is what it is stored for. Within single quotes a shell takes every
        // character as it is; a quote itself stands outside of them, escaped.
        let mut pieces = value.expose().split('\'');
        text.extend(pieces.next());
        for piece in pieces {
            text.push_str("'\\''");
            text.push_str(piece);
        }
        text.push_str("'\n");
    }
    text
}

fn quotes(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\'').count()
}
