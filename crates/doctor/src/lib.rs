//! The paste doctor of the secure field in other people's pages: `domain` alone, as a small WASM of its own.
//!
//! The frame fetches it when a value field is first focused. Only numbers cross: a text is handed over and back one
//! character a call. A binding generator's glue would copy values through memory that it frees without wiping, and
//! makes even the WASM 3 KB heavier (brotli, measured); and with no pointer between the two sides nothing unsafe can go wrong.
//!
//! `begin(room)`, then `put(character)` for each of the name, NUL, and the value; then `find()` or `fix(which)`; then
//! `get()` until it gives -1. `public/embed/frame/doctor.js` does that. What came in is wiped before the answer is read, and
//! the answer once its end is.

#![expect(
    unsafe_code,
    reason = "to be exported, a function has to keep its name, which could clash with another's"
)]

mod answer;

use std::cell::Cell;

use domain::RawValue;
use zeroize::Zeroizing;

/// What parts the name from the value, and the texts of an answer. No name and no sentence has it.
const SEPARATOR: char = '\0';
/// In place of a character, when there is none left.
const END: i32 = -1;

/// What is read of an answer: from that byte on it is still to be.
type Reading = (Zeroizing<String>, usize);

thread_local! {
    static COMING: Cell<Option<Zeroizing<String>>> = const { Cell::new(None) };
    static GOING: Cell<Option<Reading>> = const { Cell::new(None) };
}

/// Starts a new text, for which `room` bytes of UTF-8 will do: nothing of it stays behind in memory that was outgrown.
#[unsafe(no_mangle)]
pub extern "C" fn begin(room: u32) {
    COMING.set(Some(Zeroizing::new(String::with_capacity(room as usize))));
}

/// The next character of the text, as its code point. Half a surrogate pair becomes U+FFFD, as wherever a browser writes
/// UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn put(character: u32) {
    let mut text = COMING.take().unwrap_or_default();
    text.push(char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER));
    COMING.set(Some(text));
}

/// Looks at the value. The answer is three texts for each finding: its code, what to say, and the label of its fix, which
/// is empty where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn find() {
    answer(answer::findings);
}

/// Does the fix of the finding at that place of [`find`]'s answer. The answer is the value that it leaves.
#[unsafe(no_mangle)]
pub extern "C" fn fix(which: u32) {
    answer(|name, value| answer::fixed(name, value, which as usize));
}

/// The next character of the answer, or -1 at its end.
#[unsafe(no_mangle)]
pub extern "C" fn get() -> i32 {
    let next = GOING.take().and_then(|(text, at)| {
        let character = text.get(at..)?.chars().next()?;
        GOING.set(Some((text, at + character.len_utf8())));
        Some(character)
    });
    next.map_or(END, |character| u32::from(character).cast_signed())
}

fn answer(give: impl FnOnce(&str, RawValue) -> Zeroizing<String>) {
    let text = COMING.take().unwrap_or_default();
    let (name, value) = text.split_once(SEPARATOR).unwrap_or(("", &text));
    GOING.set(Some((give(name, RawValue::new(value.to_owned())), 0)));
}

#[cfg(test)]
mod tests;
