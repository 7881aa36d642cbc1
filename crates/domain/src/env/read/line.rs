//! From one assignment to the next.

use super::quoted;
use super::{DotenvEntry, DotenvProblem};
use crate::RawValue;
use crate::text::contains;

/// Goes through a text without carriage returns, assignment by assignment.
pub(super) struct Assignments<'a> {
    rest: &'a str,
    /// The line that `rest` begins on, counting from 1.
    line: usize,
}

impl<'a> Assignments<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    /// Reads the assignment that `text` begins with, and takes off the further lines that its value covers.
    fn read(&mut self, number: usize, text: &'a str) -> Result<DotenvEntry, String> {
        let (line, _) = split_line(text);
        let (Some((name, after)), Some((_, tail))) = (line.split_once('='), text.split_once('=')) else {
            return Err("there is no “=”. Write NAME=value, or begin a comment with “#”.".to_owned());
        };
        let name = without_export(name);
        if name.is_empty() {
            return Err("there is no name before the “=”. Write NAME=value.".to_owned());
        }
        if !name
            .chars()
            .all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '-' | '.'))
        {
            return Err("what stands before the “=” is not a name. Write NAME=value, and put a value of several lines in quotes.".to_owned());
        }
        let tail = tail.trim_start_matches(is_blank);
        let value = match tail.chars().next() {
            Some(quote @ ('\'' | '"' | '`')) => self.quoted(number, tail, quote)?,
            _ if is_armour(after) => return Err(self.skip_armour()),
            _ => RawValue::new(without_comment(after).to_owned()),
        };
        Ok(DotenvEntry {
            line: number,
            name: name.to_owned(),
            value,
            replaces_line: None,
        })
    }

    /// Reads a value in quotes. Nothing is read twice, whatever is wrong: a file of quotes that never close is refused
    /// as fast as any other is read.
    fn quoted(&mut self, number: usize, tail: &'a str, quote: char) -> Result<RawValue, String> {
        let Some((value, raw_lines, after)) = quoted::read(tail, quote) else {
            self.rest = "";
            return Err(format!(
                "the {quote} that the value begins with is never closed, so nothing from here on could be read. Close it, or use another kind of quotes."
            ));
        };
        let (behind, rest) = split_line(after);
        let end = number + raw_lines;
        (self.rest, self.line) = (rest, end + 1);
        let behind = behind.trim();
        if behind.is_empty() || behind.starts_with('#') {
            return Ok(value);
        }
        let on = if end == number {
            String::new()
        } else {
            format!(" on line {end}")
        };
        Err(format!(
            "there is more after the closing {quote}{on}. Remove it, or use another kind of quotes."
        ))
    }

    /// Takes a pasted key off as far as it goes, so that its lines are not taken for names.
    fn skip_armour(&mut self) -> String {
        while !self.rest.is_empty() {
            let (line, rest) = split_line(self.rest);
            (self.rest, self.line) = (rest, self.line + 1);
            if contains(line, "-----END") {
                break;
            }
        }
        "a key of several lines begins here without quotes. Put all of it in quotes.".to_owned()
    }
}

impl Iterator for Assignments<'_> {
    type Item = Result<DotenvEntry, DotenvProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let (text, number) = (self.rest, self.line);
            let (line, rest) = split_line(text);
            (self.rest, self.line) = (rest, number + 1);
            let line = line.trim_start();
            if !line.is_empty() && !line.starts_with('#') {
                return Some(
                    self.read(number, text)
                        .map_err(|message| DotenvProblem { line: number, message }),
                );
            }
        }
        None
    }
}

fn split_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

fn is_blank(ch: char) -> bool {
    ch.is_whitespace() && ch != '\n'
}

fn without_export(name: &str) -> &str {
    let name = name.trim();
    match name.strip_prefix("export") {
        Some(rest) if rest.starts_with(is_blank) => rest.trim_start(),
        _ => name,
    }
}

/// A `#` begins a comment after a blank only: within a word it is part of a password.
fn without_comment(value: &str) -> &str {
    let comment = value
        .match_indices('#')
        .find(|&(at, _)| value.get(..at).is_some_and(|before| before.ends_with(is_blank)));
    comment.and_then(|(at, _)| value.get(..at)).unwrap_or(value).trim()
}

/// Whether an unquoted value is the first line of a key in PEM (RFC 7468) that goes on below.
fn is_armour(value: &str) -> bool {
    let label = value
        .trim()
        .strip_prefix("-----BEGIN ")
        .and_then(|rest| rest.strip_suffix("-----"));
    label.is_some_and(|label| label.chars().all(|ch| matches!(ch, 'A'..='Z' | '0'..='9' | ' ')))
}
