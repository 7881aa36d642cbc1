//! A whole `.env` file in place of one value.

use super::assignment::name_of;
use super::edges::{core, is_blank};
use super::has_word;
use crate::name::check_rule;
use crate::{RawValue, read_dotenv};

/// Whether `text` sets two variables or more, and is hardly anything else: names in small letters stand in
/// configuration files of many kinds, which are stored whole.
pub(super) fn is_whole(name: &str, text: &str) -> bool {
    // Some keep a whole file as one secret, and call it `ENV_FILE`.
    if has_word(name, &["ENV", "DOTENV", "ENVFILE"]) {
        return false;
    }
    // Counted on the text itself first, so that nothing of an ordinary value is copied in the course of reading it.
    let lines = core(text)
        .lines()
        .filter(|line| name_of(line).is_some_and(follows_rule));
    if lines.take(2).count() < 2 {
        return false;
    }
    let file = read_dotenv(text);
    let set = file.entries.iter().filter(|entry| follows_rule(&entry.name)).count();
    set >= 2 && set > file.problems.len()
}

/// The value of the line that sets exactly `name`, if `text` is a whole file, has one, and sets it to something.
pub(super) fn value_of(name: &str, text: &str) -> Option<RawValue> {
    let file = is_whole(name, text).then(|| read_dotenv(text))?;
    let entry = file.entries.into_iter().find(|entry| entry.name == name)?;
    // Exposed to see that something is left.
    (!is_blank(entry.value.expose())).then_some(entry.value)
}

fn follows_rule(name: &str) -> bool {
    check_rule(name).is_ok()
}
