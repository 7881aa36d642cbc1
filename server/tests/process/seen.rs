//! What was looked at, and the search in it.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::Answer;

/// Places that were looked at: a name for the report, and every byte.
#[derive(Default)]
pub(crate) struct Seen(pub(crate) Vec<(String, Vec<u8>)>);

impl Seen {
    pub(crate) fn keep(&mut self, place: &str, answer: Answer) -> Answer {
        self.0.push((
            place.to_owned(),
            format!("{}\r\n\r\n{}", answer.head, answer.body).into_bytes(),
        ));
        answer
    }

    pub(crate) fn keep_folder(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            // A socket has no bytes.
            if entry.file_type().unwrap().is_file() {
                self.0.push((
                    entry.file_name().to_string_lossy().into_owned(),
                    fs::read(entry.path()).unwrap(),
                ));
            }
        }
    }

    /// Where any of them stands, in the clear or encoded.
    pub(crate) fn find(&self, secrets: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for (place, bytes) in &self.0 {
            for needle in secrets.iter().flat_map(|secret| encodings(secret)) {
                if bytes.windows(needle.len()).any(|window| window == needle.as_bytes()) {
                    found.push(format!("{needle} in {place}"));
                }
            }
        }
        found
    }
}

/// As it is, hex, and the middle of its base64 at each of the three alignments.
fn encodings(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned(), hex::encode(secret), hex::encode_upper(secret)];
    for shift in 0..3 {
        let encoded = STANDARD.encode(format!("{}{secret}", "x".repeat(shift)));
        all.push(encoded.get(4..encoded.len() - 4).unwrap().to_owned());
    }
    all
}
