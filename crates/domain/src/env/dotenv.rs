//! A `.env` file that Node's `--env-file`, npm's `dotenv` and `python-dotenv` read alike.
//!
//! There is no standard, and no quoting that these readers agree on: each way of writing below is used for exactly
//! those values that all of them read back as they are. The rules were found by giving tens of thousands
//! of generated values to the readers themselves: Node 20, `dotenv` 16 to 18, `python-dotenv` 0.21 to 1.2.

use zeroize::Zeroizing;

use super::{Entry, Refused, all_or_names};
use crate::text::is_hidden;

/// How one value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    /// `'…'` with raw line breaks.
    Single,
    /// `"…"` with line breaks as `\n`, and no other escape: two of the readers undo no other.
    Double,
    /// Nothing around it: one line that has to hold both kinds of quotes, or a backslash that quotes would bend.
    Bare,
}

pub(super) fn write(entries: &[Entry<'_>]) -> Result<Zeroizing<String>, Refused> {
    let entries = all_or_names(entries, |_, value| quoting(value))?;
    // `=`, two quotes and the line break; one more byte for each line break within.
    let size = entries
        .iter()
        .map(|((name, value), _)| name.as_str().len() + value.len() + breaks(value.expose()) + 4);
    let mut text = Zeroizing::new(String::with_capacity(size.sum()));
    for ((name, value), quoting) in entries {
        text.push_str(name.as_str());
        // Exposed into the answer to a sandbox, which is what it is stored for.
        push(&mut text, value.expose(), quoting);
    }
    Ok(text)
}

fn push(text: &mut String, value: &str, quoting: Quoting) {
    match quoting {
        Quoting::Single => {
            text.push_str("='");
            text.push_str(value);
            text.push_str("'\n");
        }
        Quoting::Double => {
            text.push_str("=\"");
            let mut lines = value.split('\n');
            text.extend(lines.next());
            for line in lines {
                text.push_str("\\n");
                text.push_str(line);
            }
            text.push_str("\"\n");
        }
        Quoting::Bare => {
            text.push('=');
            text.push_str(value);
            text.push('\n');
        }
    }
}

fn quoting(value: &str) -> Result<Quoting, &'static str> {
    // Node drops it in every quoting.
    if value.contains('\r') {
        return Err("it has a carriage return");
    }
    // python-dotenv expands it, even in single quotes.
    if value.split_once("${").is_some_and(|(_, after)| after.contains('}')) {
        return Err("it has “${…}”, which python-dotenv would replace");
    }
    if !value.contains('\'') && !has_escape(value, |ch| ch == '\\') {
        return Ok(Quoting::Single);
    }
    if !value.contains('"') && !has_escape(value, is_double_escape) {
        return Ok(Quoting::Double);
    }
    if is_bare(value) {
        return Ok(Quoting::Bare);
    }
    Err("it has quotes or backslashes that the readers of such files understand differently")
}

/// Whether a backslash stands before a character that some reader takes together with it, or before the closing quote.
fn has_escape(value: &str, takes_part: impl Fn(char) -> bool) -> bool {
    value
        .split('\\')
        .skip(1)
        .any(|after| after.chars().next().is_none_or(&takes_part))
}

/// What some reader of double quotes takes together with a backslash before it. A line break is among them because it is
/// written as `\n`, with a backslash of its own.
fn is_double_escape(ch: char) -> bool {
    matches!(
        ch,
        '\\' | '\'' | '"' | '$' | '`' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\n'
    )
}

/// Whether all readers take the rest of the line for the value: nothing that begins a comment or a quotation, and
/// nothing at either end that one of them would trim.
fn is_bare(value: &str) -> bool {
    let trimmed = |ch: Option<char>| ch.is_none_or(|ch| ch.is_whitespace() || is_hidden(ch));
    !value.contains(['\n', '#', '\u{2028}', '\u{2029}'])
        && !value.starts_with(['\'', '"', '`'])
        && !trimmed(value.chars().next())
        && !trimmed(value.chars().next_back())
}

fn breaks(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}
