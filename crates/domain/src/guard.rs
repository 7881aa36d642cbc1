//! Notices a credential in a text that is about to be sent to somebody else: a message to an agent, where it would be
//! kept, and read by a model.
//!
//! Told by its form (`services`), by the armour of a private key, by a password in an address, or by the words around
//! what looks random: `OPENAI_API_KEY=…`, "my token is …". What is a placeholder by its looks is no credential.

mod by_form;
mod by_words;
mod naming;
mod shape;
mod words;

use std::ops::Range;

use crate::SecretName;

/// A credential in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Where the value stands, in bytes.
    pub range: Range<usize>,
    /// What a name can take the place of: the value, or the whole of `NAME=value`.
    pub replaces: Range<usize>,
    /// A name that it could be stored under.
    pub suggested_name: SecretName,
    /// Whose it seems to be.
    pub service: Option<&'static str>,
}

/// All credentials in `text`, in their order, none within another.
#[must_use]
pub fn find_credentials(text: &str) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    by_form::private_keys(text, &mut all);
    let mut before = words::Before::default();
    for word in words::of(text) {
        if !all.iter().any(|found| found.range.contains(&word.start)) {
            let found = by_form::in_word(text, &word, &before).or_else(|| by_words::in_word(text, &word, &before));
            all.extend(found);
        }
        before.push(text, word);
    }
    all.sort_by_key(|found| found.range.start);
    all
}

#[cfg(test)]
mod tests;
