//! The rules of labels and lists of names, the same wherever somebody sends them.

use domain::text::first_hidden;
use domain::{FieldError, SecretName};

/// Characters of a label.
const MOST_LABEL: usize = 100;
/// Names that a token or a session can be narrowed to.
const MOST_NAMES: usize = 1000;

/// What is wrong with a label: too long, or with characters that do not show (they could make it read as another).
pub(crate) fn check_label(label: &str) -> Option<FieldError> {
    let wrong = label.chars().count() > MOST_LABEL || first_hidden(label, false).is_some();
    let message = format!("A label has at most {MOST_LABEL} characters, no line breaks and none that do not show.");
    wrong.then(|| FieldError::new("label", "label.text", message))
}

/// What is wrong with a list of names that narrows something.
pub(crate) fn check_names(names: Option<&[SecretName]>) -> Option<FieldError> {
    match names {
        Some([]) => {
            let message = "Name at least one secret, or leave the list out for all of them.";
            Some(FieldError::new("names", "names.empty", message))
        }
        Some(names) if names.len() > MOST_NAMES => {
            let message = format!("It can be narrowed to at most {MOST_NAMES} names.");
            Some(FieldError::new("names", "names.too_many", message))
        }
        _ => None,
    }
}

/// Each name once, in order: as lists of names are stored and searched.
pub(crate) fn in_order(mut names: Vec<SecretName>) -> Vec<SecretName> {
    names.sort_unstable();
    names.dedup();
    names
}
