//! What is fuzzed, and what has to hold for any input. `fuzz/` hands these to libFuzzer (`cargo xtask soak fuzz`); the test
//! below gives them the inputs that are kept in `fuzz/corpus`: small ones that reach far, and every one that once failed.
#![expect(clippy::panic, clippy::unwrap_used, reason = "what does not hold is told by a panic")]

use domain::{EnvFormat, RawValue, SecretName, SecretValue, read_dotenv, read_import};
use redact::{Patterns, Stream, redact_all};

/// What is done with an input. It panics where something does not hold.
pub type Target = fn(&[u8]);

/// All targets by name.
pub const TARGETS: [(&str, Target); 7] = [
    ("envelope", envelope),
    ("name", name),
    ("dotenv", dotenv),
    ("formats", formats),
    ("token", token),
    ("redactor", redactor),
    ("body", body),
];

/// No bytes open that were not sealed.
pub fn envelope(data: &[u8]) {
    assert!(!vault::fuzzing::opens(data), "it opens, and nobody sealed it");
}

/// What is accepted as a name is one, and is read back as the same.
pub fn name(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let normal = domain::normalise(text);
    for text in [text, &normal] {
        let Ok(name) = SecretName::parse(text) else { continue };
        let mut bytes = name.as_str().bytes();
        assert_eq!(name.as_str(), text);
        assert!(
            bytes
                .next()
                .is_some_and(|first| first == b'_' || first.is_ascii_uppercase())
        );
        assert!(bytes.all(|byte| byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit()));
        assert!(text.len() <= 128 && SecretName::from_stored(text).is_ok());
    }
    assert_eq!(domain::normalise(&normal), normal, "what is normal stays so");
}

/// Any text is read to its end; what is wrong with it has a line of the text.
pub fn dotenv(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines = text.split(['\n', '\r']).count();
    let file = read_dotenv(text);
    let places = file.entries.iter().map(|entry| entry.line);
    for line in places.chain(file.problems.iter().map(|problem| problem.line)) {
        assert!((1..=lines).contains(&line), "line {line} of {lines}");
    }
    let _preview = read_import(text);
}

/// What is written as a `.env` file or as JSON is read back as the same values.
pub fn formats(data: &[u8]) {
    let values: Vec<SecretValue> = data
        .split(|byte| *byte == 0)
        .filter_map(|bytes| RawValue::new(String::from_utf8(bytes.to_vec()).ok()?).check().ok())
        .collect();
    let names: Vec<SecretName> = (0..values.len())
        .map(|number| SecretName::parse(&format!("KEY_{number}")).unwrap())
        .collect();
    let entries: Vec<_> = names.iter().zip(&values).collect();
    for format in [EnvFormat::Shell, EnvFormat::Docker] {
        let _written_or_refused = domain::env::write(format, &entries);
    }
    let json = domain::env::write(EnvFormat::Json, &entries).unwrap();
    let read: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
    for (name, value) in &entries {
        assert_eq!(read.get(name.as_str()).unwrap().as_str(), Some(value.expose()));
    }
    let Ok(text) = domain::env::write(EnvFormat::Dotenv, &entries) else {
        return;
    };
    let file = read_dotenv(&text);
    assert!(file.problems.is_empty() && file.entries.len() == entries.len());
    for (found, (name, value)) in file.entries.iter().zip(&entries) {
        assert_eq!(found.name, name.as_str());
        assert_eq!(found.value.expose(), value.expose(), "{}", found.name);
    }
}

/// Any text is a token or none; one that is has the form of one.
pub fn token(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if vault::fuzzing::is_token(text) {
        assert_eq!(text.len(), 7 + 64 + 8, "{text}");
    }
}

/// However a text is cut, the same comes out; and without the values in it, itself.
pub fn redactor(data: &[u8]) {
    let Some((cut, data)) = data.split_first() else { return };
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let (Some(one), Some(other), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return;
    };
    let Ok(patterns) = Patterns::new([("ONE", one), ("OTHER", other)]) else {
        return;
    };
    let patterns = std::sync::Arc::new(patterns);
    let whole = redact_all(&patterns, text);
    let mut redactor = Stream::new(std::sync::Arc::clone(&patterns));
    let mut pieces = Vec::new();
    for piece in text.chunks(usize::from(cut % 16) + 1) {
        redactor.push(piece, &mut pieces);
    }
    redactor.finish(&mut pieces);
    if whole != pieces {
        panic!("cut to pieces, another text comes out");
    }
}

/// What stands in the values of bodies, so that they are known again. Kept inputs have it.
const CANARY: &str = "c4n4ry";

/// Any body is taken or refused, and no refusal says a value.
pub fn body(data: &[u8]) {
    let Some((call, body)) = data.split_first() else { return };
    let Some(refusal) = server::routes::fuzzing::refusal(*call, body) else {
        return;
    };
    let document: serde_json::Value = serde_json::from_str(&refusal).unwrap();
    assert!(
        document.get("status").is_some_and(serde_json::Value::is_u64),
        "{refusal}"
    );
    // Names and other words may be said, so it counts only where nothing but values holds it.
    let read = serde_json::from_slice::<serde_json::Value>(body);
    if read.is_ok_and(|read| !holds_beside_values(&read)) {
        assert!(!refusal.contains(CANARY), "a refusal says a value: {refusal}");
    }
}

fn holds_beside_values(read: &serde_json::Value) -> bool {
    match read {
        serde_json::Value::String(text) => text.contains(CANARY),
        serde_json::Value::Array(all) => all.iter().any(holds_beside_values),
        serde_json::Value::Object(all) => all
            .iter()
            .any(|(key, one)| key.contains(CANARY) || !(key == "value" && one.is_string()) && holds_beside_values(one)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn everything_holds_for_what_is_kept() {
        let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        for (name, target) in TARGETS {
            let mut inputs = 0;
            for input in fs::read_dir(corpora.join(name)).unwrap() {
                let path = input.unwrap().path();
                println!("{}", path.display());
                target(&fs::read(path).unwrap());
                inputs += 1;
            }
            assert!(inputs >= 3, "{name} has {inputs} inputs");
        }
    }
}
