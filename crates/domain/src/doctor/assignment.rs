//! A line that sets a variable, pasted name and all.
//!
//! Many values have an `=` of their own: base64, connection strings, addresses with a query. So what stands before it has
//! to be a name as environment variables have it, `OPENAI_API_KEY`, or the very name in the name field.

use super::edges::{core, is_blank, is_pem};
use super::{Finding, Fixed, quotes};
use crate::name::check_rule;
use crate::text::contains;
use crate::{RawValue, normalise, read_dotenv};

pub(super) fn find(name: &str, text: &str) -> Option<Finding> {
    read(name, text).map(|_| Finding::Assignment)
}

/// The value alone; and the name of the line, if `name` is empty.
pub(super) fn fix(name: &str, text: &str) -> Option<Fixed> {
    let (set, value) = read(name, text)?;
    Some(Fixed {
        value,
        name: name.trim().is_empty().then(|| normalise(set)),
    })
}

/// What stands behind the `=`, quotes and all.
pub(super) fn right_side<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    line(name, without_comments(core(text))).map(|line| line.right)
}

/// The name that a line of a `.env` file sets, if it is one.
pub(super) fn name_of(line: &str) -> Option<&str> {
    let (left, _) = line.split_once('=')?;
    let left = left.trim();
    Some(after_word(left, "export").unwrap_or(left))
}

/// The name and the value.
fn read<'a>(name: &str, text: &'a str) -> Option<(&'a str, RawValue)> {
    let text = core(text);
    let line = line(name, without_comments(text))?;
    let value = match line.syntax {
        // Hardly anybody puts a key of several lines in quotes, as those who read such files would have it.
        _ if is_key(line.right) => RawValue::new(line.right.to_owned()),
        Syntax::Dotenv => {
            let file = read_dotenv(text);
            let one = file.problems.is_empty() && file.entries.len() == 1;
            let entry = file.entries.into_iter().next().filter(|_| one)?;
            (entry.name == line.name && entry.replaces_line.is_none()).then_some(entry.value)?
        }
        Syntax::Other if text.contains(['\n', '\r']) => return None,
        Syntax::Other => RawValue::new(quotes::inside(line.right).unwrap_or(line.right).to_owned()),
    };
    // Exposed to see that something is left: `NAME=""` is not what anybody wants to store.
    (!is_blank(value.expose())).then_some((line.name, value))
}

/// Whether a key in PEM begins here and ends at the end, and no other is set in between.
fn is_key(right: &str) -> bool {
    is_pem(right) && right.ends_with("-----") && !contains(right, "=-----BEGIN")
}

/// `text` from its first line on that is no comment.
fn without_comments(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
    }
    rest
}

struct Line<'a> {
    name: &'a str,
    right: &'a str,
    syntax: Syntax,
}

/// How the right side is to be read.
#[derive(Clone, Copy)]
enum Syntax {
    /// As a line of a `.env` file or of a POSIX shell.
    Dotenv,
    /// To the end of the line, in quotes or not: Windows' shells and YAML.
    Other,
}

/// Takes the beginning of `text` for a line that sets a variable, if it is safe to.
fn line<'a>(name: &str, text: &'a str) -> Option<Line<'a>> {
    let set = |text: &'a str, sign: char, syntax| {
        let (left, right) = text.split_once(sign)?;
        // In YAML it is a blank that ends the name.
        if sign == ':' && !right.starts_with(' ') {
            return None;
        }
        let (left, right) = (left.trim_end(), right.trim());
        // Nothing but `=` is the padding of base64.
        let is_padding = right.trim_start_matches('=').is_empty();
        (!is_padding).then_some(Line {
            name: left,
            right,
            syntax,
        })
    };
    // Nobody writes these two before anything but a name, so it may be in small letters.
    let marked = after_word(text, "export").map(|text| set(text, '=', Syntax::Dotenv));
    let marked = marked.or_else(|| after_power_shell(text).map(|text| set(text, '=', Syntax::Other)));
    if let Some(line) = marked {
        return line.filter(|line| is_identifier(line.name));
    }
    let bare = match after_word(text, "set").or_else(|| after_word(text, "SET")) {
        Some(text) => set(text, '=', Syntax::Other),
        None => set(text, '=', Syntax::Dotenv),
    };
    bare.filter(|line| is_name(name, line))
        .or_else(|| set(text, ':', Syntax::Other).filter(|line| is_name(name, line)))
}

fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    rest.starts_with([' ', '\t']).then(|| rest.trim_start())
}

/// `$env:NAME = "value"`, in small letters or capitals.
fn after_power_shell(text: &str) -> Option<&str> {
    let (drive, rest) = text.split_at_checked("$env:".len())?;
    drive.eq_ignore_ascii_case("$env:").then_some(rest)
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|ch: char| ch.is_ascii_alphabetic() || ch == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_name(field: &str, line: &Line<'_>) -> bool {
    if check_rule(line.name).is_err() || is_list(line.right) {
        return false;
    }
    // `DSN=name;UID=…` is a connection string, though its secret be called DSN.
    let in_field = || line.name.eq_ignore_ascii_case(field.trim()) && !is_connection_string(line.right);
    is_of_words(line.name) || in_field()
}

/// Whether an underscore stands within it. Three letters, because a password such as `X_9=…` may begin so.
fn is_of_words(name: &str) -> bool {
    name.trim_matches('_').contains('_') && name.bytes().filter(u8::is_ascii_uppercase).count() >= 3
}

/// Whether more is set in the same line, `LOG_LEVEL=info,LOG_COLOR=off`: then all of it may be one value, or a command.
fn is_list(right: &str) -> bool {
    right.split([' ', ',', ';']).skip(1).any(|part| {
        let name = part.split_once('=').map(|(name, _)| name);
        name.is_some_and(|name| check_rule(name).is_ok() && is_of_words(name))
    })
}

fn is_connection_string(right: &str) -> bool {
    right.split(';').skip(1).any(|part| part.contains('='))
}
