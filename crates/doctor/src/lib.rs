//! The paste doctor for the secure field in other people's pages: `domain`'s rules, and nothing else, as a small WASM that
//! the frame loads once somebody is in a field.
//!
//! It is told a value and says what looks wrong with it, in the same words as the Secrets page. What it copies is wiped when
//! it is done; the copies that JavaScript makes of a string on its way in and out cannot be.

#![expect(
    missing_docs,
    reason = "the macro makes public items of its own; what there is to say stands at the functions"
)]

use domain::{Finding, RawValue, examine, read_dotenv};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// How a fix is called that takes one value out of a whole file.
const TAKE: &str = "take";

/// What looks wrong with a value that was pasted for `name`: a line a finding, of its code, its words, and what its fix is
/// called, separated by tabs. A finding without a fix has nothing in its place.
#[wasm_bindgen]
pub fn look(name: &str, value: String) -> String {
    let value = RawValue::new(value);
    let lines = examine(name, &value).into_iter().map(|finding| {
        let (code, fix) = match finding {
            // There is no import in somebody else's page, but the one value that was asked for may be in the file.
            Finding::WholeFile if inside(name, &value).is_some() => (TAKE, format!("Keep only the value of {name}")),
            finding => (finding.code(), finding.fix().unwrap_or_default().to_owned()),
        };
        format!("{code}\t{}\t{fix}", finding.message())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The value after the fix of that code; as it was, if there is nothing to fix.
#[wasm_bindgen]
pub fn mend(name: &str, value: String, code: &str) -> String {
    let value = RawValue::new(value);
    // Exposed to go back into the field that it came from.
    if code == TAKE {
        return inside(name, &value).map_or_else(|| value.expose().to_owned(), |found| found.expose().to_owned());
    }
    let finding = examine(name, &value).into_iter().find(|finding| finding.code() == code);
    match finding {
        Some(finding) => finding.apply(name, &value).value.expose().to_owned(),
        None => value.expose().to_owned(),
    }
}

/// The value that a `.env` file sets for that name.
fn inside(name: &str, file: &RawValue) -> Option<RawValue> {
    // Exposed to be read, as the import does; what is not asked for is wiped with the entries.
    let text = Zeroizing::new(file.expose().to_owned());
    let found = read_dotenv(&text)
        .entries
        .into_iter()
        .find(|entry| entry.name == name)?;
    Some(found.value).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASTED: &str = "Bearer abcdefghijklmnop";

    #[test]
    fn findings_come_in_the_words_of_the_page_with_their_fix() {
        let said = look("X_TOKEN", PASTED.to_owned());
        let first = said.lines().next().unwrap_or_default();
        assert_eq!(
            first,
            "bearer_prefix\tThe value begins with “Bearer”, which programs usually add by themselves.\tRemove “Bearer” from the beginning"
        );
        assert_eq!(mend("X_TOKEN", PASTED.to_owned(), "bearer_prefix"), "abcdefghijklmnop");
        assert_eq!(look("X_TOKEN", "abc".to_owned()), "");
    }

    #[test]
    fn of_a_whole_file_the_value_that_was_asked_for_can_be_kept() {
        let file = "A_KEY=one\nX_TOKEN='two'\nC_KEY=three\n";
        assert!(look("X_TOKEN", file.to_owned()).ends_with("\tKeep only the value of X_TOKEN"));
        assert_eq!(mend("X_TOKEN", file.to_owned(), TAKE), "two");
        assert!(
            look("Y_TOKEN", file.to_owned()).ends_with('\t'),
            "nothing to keep for a name that is not in it"
        );
        assert_eq!(mend("Y_TOKEN", file.to_owned(), TAKE), file);
    }

    #[test]
    fn a_fix_for_what_is_not_there_leaves_the_value_as_it_is() {
        assert_eq!(mend("X_TOKEN", "abc".to_owned(), "bearer_prefix"), "abc");
        assert_eq!(mend("X_TOKEN", "abc".to_owned(), "nonsense"), "abc");
    }
}
