//! The paste doctor: what looks wrong with a value that was just pasted, and how one click mends it.
//!
//! It changes nothing by itself. Each finding is a guess about what somebody meant, so each rule leaves out what a
//! value may rightly be: a finding that is wrong costs more trust than one that is missing. No fix ever leaves nothing.
//!
//! ```
//! use domain::{Finding, RawValue, examine};
//!
//! let pasted = RawValue::new("export NOTION_API_KEY='fake'\n".to_owned());
//! let finding = examine("", &pasted).into_iter().next();
//! assert_eq!(finding.and_then(Finding::fix), Some("Keep only the value, without the name"));
//!
//! let fixed = Finding::Assignment.apply("", &pasted);
//! assert_eq!((fixed.value.expose(), fixed.name.as_deref()), ("fake", Some("NOTION_API_KEY")));
//! ```

mod assignment;
mod bearer;
mod edges;
mod file;
mod invisible;
mod other_service;
mod pem;
mod quotes;

use crate::RawValue;

/// What looks wrong with a value that was just pasted under `name` (as it stands in the name field: it may be empty or
/// invalid). What to mend first comes first. Look again after each fix: one may bring another to light.
///
/// Takes any text, in time linear in its length.
#[must_use]
pub fn examine(name: &str, value: &RawValue) -> Vec<Finding> {
    // Exposed to look for what was copied along. A finding keeps none of it.
    let text = value.expose();
    if edges::is_blank(text) {
        return Vec::new();
    }
    // What is wrong with each line of a file is for the import to say.
    if file::is_whole(name, text) {
        return vec![Finding::WholeFile];
    }
    [
        assignment::find(name, text),
        bearer::find(name, text),
        quotes::find(text),
        pem::find(text),
        invisible::find(text),
        edges::find(text),
        other_service::find(name, text),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What a whole `.env` file, pasted where only the value of `name` can be stored, sets `name` to. `None` where it does not,
/// and where `value` is no such file.
#[must_use]
pub fn value_in_file(name: &str, value: &RawValue) -> Option<RawValue> {
    // Exposed to copy that one line's value.
    file::value_of(name, value.expose())
}

/// Whether one of `words` is a word of the name.
fn has_word(name: &str, words: &[&str]) -> bool {
    name.split(|ch: char| !ch.is_ascii_alphanumeric())
        .any(|word| words.iter().any(|other| word.eq_ignore_ascii_case(other)))
}

/// Something that looks wrong with a value. It never holds any of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A whole `.env` file.
    WholeFile,
    /// A line that sets a variable, name and all: `NAME=value`.
    Assignment,
    /// `Bearer ` before the token.
    BearerPrefix {
        /// Whether the name of the header stands before it: `Authorization: Bearer `.
        header: bool,
    },
    /// Quotes around all of it.
    WrappingQuotes,
    /// `\n` in place of the line breaks of a key in PEM (RFC 7468).
    LiteralNewlines,
    /// Characters without width, or that turn the direction of writing.
    Invisible,
    /// Blanks before or after it.
    OuterBlanks,
    /// A line break at the end, and no other blanks around it.
    TrailingNewline {
        /// Whether one of them is kept, as a file of several lines ends with one.
        keep_one: bool,
    },
    /// A key whose form is known, under a name that says another service.
    OtherService {
        /// The services that give out keys of this form, the best known first.
        key_of: &'static [&'static str],
        /// The service that the name says.
        name_says: &'static str,
    },
}

impl Finding {
    /// A stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::WholeFile => "whole_file",
            Self::Assignment => "assignment",
            Self::BearerPrefix { .. } => "bearer_prefix",
            Self::WrappingQuotes => "wrapping_quotes",
            Self::LiteralNewlines => "literal_newlines",
            Self::Invisible => "invisible",
            Self::OuterBlanks => "outer_blanks",
            Self::TrailingNewline { .. } => "trailing_newline",
            Self::OtherService { .. } => "other_service",
        }
    }

    /// What was noticed, for the person who pasted it. It never quotes the value.
    #[must_use]
    pub fn message(self) -> String {
        match self {
            Self::WholeFile => "This looks like a whole .env file, not like one value.",
            Self::Assignment => "This looks like a whole line with the name in it, not like the value alone.",
            Self::BearerPrefix { .. } => "The value begins with “Bearer”, which programs usually add by themselves.",
            Self::WrappingQuotes => "The value stands in quotes, which would be stored as a part of it.",
            Self::LiteralNewlines => "This key has “\\n” written out where its line breaks should be.",
            Self::Invisible => "The value has characters in it that nobody can see.",
            Self::OuterBlanks => "There are blanks before or after the value.",
            Self::TrailingNewline { keep_one: false } => "The value ends with a line break.",
            Self::TrailingNewline { keep_one: true } => "The value ends with more than one line break.",
            Self::OtherService { key_of, name_says } => return other_service::message(key_of, name_says),
        }
        .to_owned()
    }

    /// The label of the fix, which says what it changes. `None` where there is nothing to change.
    #[must_use]
    pub fn fix(self) -> Option<&'static str> {
        match self {
            Self::WholeFile | Self::OtherService { .. } => None,
            Self::Assignment => Some("Keep only the value, without the name"),
            Self::BearerPrefix { header: false } => Some("Remove “Bearer” from the beginning"),
            Self::BearerPrefix { header: true } => Some("Remove “Authorization: Bearer” from the beginning"),
            Self::WrappingQuotes => Some("Remove the quotes around it"),
            Self::LiteralNewlines => Some("Turn each “\\n” into a line break"),
            Self::Invisible => Some("Remove the invisible characters"),
            Self::OuterBlanks => Some("Remove the blanks around it"),
            Self::TrailingNewline { keep_one: false } => Some("Remove the line break at the end"),
            Self::TrailingNewline { keep_one: true } => Some("Keep only one line break at the end"),
        }
    }

    /// Whether to offer the import of a `.env` file in place of a fix.
    #[must_use]
    pub fn offers_import(self) -> bool {
        self == Self::WholeFile
    }

    /// Does the fix. The value comes back as it is where there is none, or where it is not what was examined.
    #[must_use]
    pub fn apply(self, name: &str, value: &RawValue) -> Fixed {
        // Exposed to copy what is to stay of it. Every buffer has its final size from the start, and is wiped as the
        // value that it becomes.
        let text = value.expose();
        if edges::is_blank(text) {
            return Fixed::value(text.to_owned());
        }
        let kept = match self {
            Self::Assignment => match assignment::fix(name, text) {
                Some(fixed) => return fixed,
                None => None,
            },
            Self::BearerPrefix { .. } => bearer::token(text),
            Self::WrappingQuotes => quotes::inside(text),
            Self::LiteralNewlines => return Fixed::value(pem::with_line_breaks(text)),
            Self::Invisible => return Fixed::value(invisible::without(text)),
            Self::OuterBlanks | Self::TrailingNewline { .. } => return Fixed::value(edges::trimmed(text)),
            Self::WholeFile | Self::OtherService { .. } => None,
        };
        Fixed::value(kept.unwrap_or(text).to_owned())
    }
}

/// What a fix leaves.
#[derive(Debug)]
pub struct Fixed {
    /// The value.
    pub value: RawValue,
    /// What the name field should hold: the name of the line that was pasted, if the field was empty.
    pub name: Option<String>,
}

impl Fixed {
    fn value(text: String) -> Self {
        Self {
            value: RawValue::new(text),
            name: None,
        }
    }
}
