//! The memory that carries a form's answer over a redirect, for browsers without scripts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::flash::Remembered;

/// How long an answer waits for its page.
const LIFETIME: Duration = Duration::from_secs(60);
/// How many wait at once, of all who are signed in together, and of all who are not: at most a few megabytes.
const CAPACITY: usize = 1024;
/// Bytes that are kept of one field. Longer text than any field allows is not worth remembering whole.
const LONGEST_TEXT: usize = 2048;

/// One-time messages: in memory, bounded, each for one browser and one page, for a minute. A restart forgets them.
///
/// Never a value or a password. A new API token may be in one, since it must be shown after the redirect; it is gone
/// once shown.
#[derive(Clone, Default)]
pub struct Flash(Arc<Mutex<HashMap<Key, Waiting>>>);

/// What one page shows once, the same in each of its renderings: one that was given up may have taken it. A request
/// extension.
#[derive(Clone, Default)]
pub struct ShownOnce(Arc<OnceLock<Option<Remembered>>>);

impl ShownOnce {
    pub(super) fn or_take(&self, take: impl FnOnce() -> Option<Remembered>) -> Option<Remembered> {
        self.0.get_or_init(take).clone()
    }
}

/// Whose message it is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    of: Holder,
    hash: [u8; 32],
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    Session,
    Visitor,
}

impl Key {
    /// The browser with that session. Hashed: the memory holds nothing that could be used as a session.
    pub(super) fn session(token: &str) -> Self {
        Self::of(Holder::Session, "session", token)
    }

    /// A browser that is signed out, by the random text in its message cookie.
    pub(super) fn visitor(id: &str) -> Self {
        Self::of(Holder::Visitor, "visitor", id)
    }

    fn of(of: Holder, kind: &str, text: &str) -> Self {
        let hash = Sha256::new().chain_update(kind).chain_update([0]).chain_update(text);
        Self {
            of,
            hash: hash.finalize().into(),
        }
    }
}

struct Waiting {
    /// The page that it is for.
    page: String,
    until: Instant,
    message: Remembered,
}

impl Flash {
    /// An empty memory.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn put(&self, key: Key, page: &str, message: Remembered) {
        self.put_at(Instant::now(), key, page, message);
    }

    /// Takes what waits for that browser on that page. A second call gets nothing.
    pub(super) fn take(&self, key: &Key, page: &str) -> Option<Remembered> {
        self.take_at(Instant::now(), key, page)
    }

    fn put_at(&self, now: Instant, key: Key, page: &str, mut message: Remembered) {
        for (_, text) in &mut message.kept {
            text.truncate(text.floor_char_boundary(LONGEST_TEXT));
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CAPACITY && !all.contains_key(&key) {
            all.retain(|_, waiting| waiting.until > now);
            // Whoever is signed out makes room among their like: they cannot push out what somebody has yet to be shown.
            let alike = || all.iter().filter(|(other, _)| other.of == key.of);
            let oldest = alike().min_by_key(|(_, waiting)| waiting.until);
            let oldest = oldest.map(|(key, _)| key.clone());
            if let (true, Some(oldest)) = (alike().count() >= CAPACITY, oldest) {
                all.remove(&oldest);
            }
        }
        all.insert(
            key,
            Waiting {
                page: page.to_owned(),
                until: now + LIFETIME,
                message,
            },
        );
    }

    fn take_at(&self, now: Instant, key: &Key, page: &str) -> Option<Remembered> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(key)?.page != page {
            return None;
        }
        all.remove(key)
            .filter(|waiting| waiting.until > now)
            .map(|waiting| waiting.message)
    }
}

impl std::fmt::Debug for Flash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(notice: &str) -> Remembered {
        Remembered {
            notice: Some(notice.to_owned()),
            ..Remembered::default()
        }
    }

    #[test]
    fn a_message_is_shown_once() {
        let flash = Flash::new();
        flash.put(Key::session("a"), "/secrets", message("Saved."));
        assert_eq!(flash.take(&Key::session("a"), "/secrets"), Some(message("Saved.")));
        assert_eq!(flash.take(&Key::session("a"), "/secrets"), None);
    }

    #[test]
    fn another_browser_does_not_get_it() {
        let flash = Flash::new();
        flash.put(Key::session("a"), "/secrets", message("Saved."));
        assert_eq!(flash.take(&Key::session("b"), "/secrets"), None);
        assert_eq!(flash.take(&Key::visitor("a"), "/secrets"), None);
    }

    #[test]
    fn it_waits_for_its_page() {
        let flash = Flash::new();
        flash.put(Key::session("a"), "/secrets/new", message("Saved."));
        assert_eq!(flash.take(&Key::session("a"), "/settings"), None);
        assert_eq!(flash.take(&Key::session("a"), "/secrets/new"), Some(message("Saved.")));
    }

    #[test]
    fn after_a_minute_it_is_gone() {
        let flash = Flash::new();
        let now = Instant::now();
        flash.put_at(now, Key::session("a"), "/secrets", message("Saved."));
        assert_eq!(flash.take_at(now + LIFETIME, &Key::session("a"), "/secrets"), None);
    }

    #[test]
    fn the_newest_message_of_a_browser_replaces_its_older_one() {
        let flash = Flash::new();
        flash.put(Key::session("a"), "/secrets", message("First."));
        flash.put(Key::session("a"), "/secrets", message("Second."));
        assert_eq!(flash.take(&Key::session("a"), "/secrets"), Some(message("Second.")));
    }

    #[test]
    fn it_never_holds_more_than_it_may_and_forgets_the_oldest_first() {
        let flash = Flash::new();
        let start = Instant::now();
        for n in 0..CAPACITY + 10 {
            let now = start + Duration::from_millis(n as u64);
            flash.put_at(now, Key::session(&n.to_string()), "/secrets", message("Saved."));
        }
        assert_eq!(flash.0.lock().unwrap_or_else(PoisonError::into_inner).len(), CAPACITY);
        assert_eq!(flash.take(&Key::session("0"), "/secrets"), None);
        let newest = (CAPACITY + 9).to_string();
        assert_eq!(flash.take(&Key::session(&newest), "/secrets"), Some(message("Saved.")));
    }

    #[test]
    fn a_flood_of_visitors_pushes_out_nothing_of_those_who_are_signed_in() {
        let flash = Flash::new();
        flash.put(Key::session("a"), "/settings", message("The token."));
        for n in 0..3 * CAPACITY {
            flash.put(Key::visitor(&n.to_string()), "/sign-in", message("Wrong."));
        }
        assert_eq!(flash.take(&Key::session("a"), "/settings"), Some(message("The token.")));
        assert!(flash.0.lock().unwrap_or_else(PoisonError::into_inner).len() <= CAPACITY);
    }

    #[test]
    fn each_rendering_of_a_page_shows_what_the_first_took() {
        let flash = Flash::new();
        flash.put(Key::session("a"), "/settings", message("The token."));
        let shown = ShownOnce::default();
        for _ in 0..2 {
            let taken = shown.or_take(|| flash.take(&Key::session("a"), "/settings"));
            assert_eq!(taken, Some(message("The token.")));
        }
        assert_eq!(flash.take(&Key::session("a"), "/settings"), None);
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let flash = Flash::new();
        let kept = vec![("description".to_owned(), "é".repeat(LONGEST_TEXT))];
        flash.put(
            Key::session("a"),
            "/secrets/new",
            Remembered {
                kept,
                ..Remembered::default()
            },
        );
        let taken = flash.take(&Key::session("a"), "/secrets/new").unwrap_or_default();
        assert_eq!(taken.kept.first().map(|(_, text)| text.len()), Some(LONGEST_TEXT));
    }

    #[test]
    fn debug_shows_no_message() {
        let flash = Flash::new();
        flash.put(Key::session("a"), "/secrets", message("Saved."));
        assert!(!format!("{flash:?}").contains("Saved"));
    }
}
