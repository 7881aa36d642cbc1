//! What the doctor says, and what its fixes leave.

use domain::{Finding, RawValue, examine, value_in_file};
use zeroize::Zeroizing;

use super::SEPARATOR;

/// What is wrong with the value, as texts with separators between them. They hold nothing of it.
pub(super) fn findings(name: &str, value: RawValue) -> Zeroizing<String> {
    let mut texts = Vec::new();
    for finding in examine(name, &value) {
        let label = finding.fix().map(str::to_owned);
        let label = label.or_else(|| offer(finding, name, &value)).unwrap_or_default();
        texts.extend([finding.code().to_owned(), finding.message(), label]);
    }
    Zeroizing::new(texts.join(SEPARATOR.encode_utf8(&mut [0])))
}

/// What that fix leaves of the value.
pub(super) fn fixed(name: &str, value: RawValue, which: usize) -> Zeroizing<String> {
    let fixed = match examine(name, &value).get(which) {
        Some(Finding::WholeFile) => value_in_file(name, &value),
        Some(finding) => Some(finding.apply(name, &value).value),
        None => None,
    };
    // Exposed to be handed back to the field that it came from.
    Zeroizing::new(fixed.as_ref().unwrap_or(&value).expose().to_owned())
}

/// The frame has no import. But what it asks for may be in the file.
fn offer(finding: Finding, name: &str, value: &RawValue) -> Option<String> {
    value_in_file(name, value)
        .filter(|_| finding.offers_import())
        .map(|_| ["Keep only the value of ", name].concat())
}
