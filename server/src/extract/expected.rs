//! From an error of serde to the field that is meant and the type that it should have, leaving out what was sent.

use serde_path_to_error::{Path, Segment};

use crate::problem::Problem;

/// Whether a name that the client made up may be repeated to it: words in lower case are a misspelt field,
/// anything else might be a value that slipped into the wrong place.
fn is_harmless(name: &str) -> bool {
    name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The problem for well-formed JSON of the wrong shape. serde offers the kind of error only as text; everything taken
/// from that text is a field's name or a type's description from this program's own source.
pub(super) fn problem(path: &Path, error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    // " at line 1 column 9" stands at the end.
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    if let Some(field) = quoted(message, "missing field `") {
        let field = field_name(path, Some(field));
        return Problem::field(&field, "required", format!("`{field}` is required."));
    }
    if let Some(field) = quoted(message, "duplicate field `") {
        let field = field_name(path, Some(field));
        return Problem::field(
            &field,
            "duplicate",
            format!("`{field}` stands there twice. Send it once."),
        );
    }
    if let Some(name) = quoted(message, "unknown field `") {
        return unknown_field(path, name, message);
    }
    // The quoted input, if any, comes before; what serde expected stands last.
    let wanted = message
        .rsplit_once(", expected ")
        .map_or("something else", |(_, wanted)| wanted);
    let wanted = if wanted.starts_with("struct ") {
        "an object"
    } else {
        wanted
    };
    match field_name(path, None) {
        field if field.is_empty() => Problem::field("", "type", format!("The body should be {wanted}.")),
        field => Problem::field(&field, "type", format!("`{field}` should be {wanted}.")),
    }
}

fn unknown_field(path: &Path, name: &str, message: &str) -> Problem {
    let known = message.rsplit_once(", expected ").map_or("", |(_, known)| known);
    let known = known.strip_prefix("one of ").unwrap_or(known);
    // serde_path_to_error has already gone into the unknown field.
    let depth = path.iter().count().saturating_sub(1);
    let parent = join(path.iter().take(depth), None);
    let shown = if is_harmless(name) {
        format!("`{name}`")
    } else {
        "A field in the body".to_owned()
    };
    Problem::field(
        parent,
        "unknown",
        format!("{shown} is not known to this call. It takes {known}."),
    )
}

fn quoted<'a>(message: &'a str, prefix: &str) -> Option<&'a str> {
    message.strip_prefix(prefix)?.split('`').next()
}

fn field_name(path: &Path, last: Option<&str>) -> String {
    join(path.iter(), last)
}

/// `secrets.2.value`
fn join<'a>(segments: impl Iterator<Item = &'a Segment>, last: Option<&str>) -> String {
    let mut name = String::new();
    for segment in segments {
        match segment {
            Segment::Seq { index } => push_field(&mut name, &index.to_string()),
            Segment::Map { key } if is_harmless(key) => push_field(&mut name, key),
            Segment::Map { .. } | Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    match last {
        // A duplicate is reported from inside the field as well as from outside.
        Some(field) if !name.ends_with(field) => push_field(&mut name, field),
        _ => {}
    }
    name
}

fn push_field(name: &mut String, field: &str) {
    if !name.is_empty() {
        name.push('.');
    }
    name.push_str(field);
}
