//! Reading a `.env` file that somebody has.
//!
//! Readers of such files disagree, so this one takes what the writer most likely meant: it undoes `\"` in double
//! quotes, though Node does not, and keeps a `#` within a word, though npm's `dotenv` does not. It never expands `$`.
//! Where a line could only be guessed at, it is reported instead.

mod line;
mod quoted;

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use crate::RawValue;
use crate::text::{has_cr, push_with_lf};

use line::Assignments;

/// A `.env` file as read: what it sets, and what could not be read.
#[derive(Debug, Default)]
pub struct DotenvFile {
    /// What it sets, in the order of the file. Each name once: the last line that sets it wins.
    pub entries: Vec<DotenvEntry>,
    /// What could not be read, in the order of the file.
    pub problems: Vec<DotenvProblem>,
}

/// One variable of the file.
#[derive(Debug)]
pub struct DotenvEntry {
    /// The line it begins on, counting from 1.
    pub line: usize,
    /// The name as it stands there: letters, digits, `_`, `-` and `.`, not checked against the rule for names.
    pub name: String,
    /// The value, unquoted. Can be empty.
    pub value: RawValue,
    /// The line that set the same name before, which this one replaces.
    pub replaces_line: Option<usize>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotenvProblem {
    /// The line it begins on, counting from 1.
    pub line: usize,
    /// What is wrong and what to do. Never a piece of the file, since all of it can be a value.
    pub message: String,
}

impl fmt::Display for DotenvProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.message)
    }
}

/// Reads a `.env` file: `export `, blanks around `=`, three kinds of quotes, values of several lines, CRLF, a byte-order
/// mark, comments, empty values. `$` is never expanded.
///
/// Takes any text, in time linear in its length.
#[must_use]
pub fn read_dotenv(text: &str) -> DotenvFile {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if !has_cr(text) {
        return read(text);
    }
    let mut with_lf = Zeroizing::new(String::with_capacity(text.len()));
    push_with_lf(&mut with_lf, text);
    read(&with_lf)
}

fn read(text: &str) -> DotenvFile {
    let mut file = DotenvFile::default();
    let mut set_at: BTreeMap<String, usize> = BTreeMap::new();
    for item in Assignments::new(text) {
        match item {
            Ok(mut entry) => {
                entry.replaces_line = set_at.insert(entry.name.clone(), entry.line);
                file.entries.push(entry);
            }
            Err(problem) => file.problems.push(problem),
        }
    }
    file.entries
        .retain(|entry| set_at.get(&entry.name) == Some(&entry.line));
    file
}
