//! A text in words, and the few that stand before one.

use std::ops::Range;

/// Bytes of a word that can be a credential: no key is longer than 4 KiB, and an address may stand before one.
const LONGEST: usize = 8 << 10;
/// How many words before one say what it is: "here is my OpenAI key: …".
const REMEMBERED: usize = 4;

/// What stands between blanks, in order.
pub(super) fn of(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |word| {
        let start = at;
        at = start + word.len();
        // The blank is skipped, whatever its length.
        at += text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        (!word.is_empty() && word.len() <= LONGEST).then_some(start..start + word.len())
    })
}

/// The words before one, on its line; the last first.
#[derive(Default)]
pub(super) struct Before(Vec<Range<usize>>);

impl Before {
    /// `word` is behind.
    pub(super) fn push(&mut self, text: &str, word: Range<usize>) {
        let line_ended = |last: &Range<usize>| text.get(last.end..word.start).is_none_or(|gap| gap.contains('\n'));
        if self.0.first().is_some_and(line_ended) {
            self.0.clear();
        }
        self.0.insert(0, word);
        self.0.truncate(REMEMBERED);
    }

    /// Those that stand on the line of what begins at `start`.
    pub(super) fn of<'a>(&'a self, text: &'a str, start: usize) -> impl Iterator<Item = &'a str> {
        let on_the_line = self
            .0
            .first()
            .and_then(|last| text.get(last.end..start))
            .is_some_and(|gap| !gap.contains('\n'));
        self.0
            .iter()
            .take_while(move |_| on_the_line)
            .filter_map(|word| text.get(word.clone()))
    }
}
