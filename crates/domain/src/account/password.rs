//! What a password has to be.

use zeroize::Zeroizing;

use super::common::COMMON;

/// The shortest password, in characters. Length is what counts (NIST SP 800-63B-4, section 3.1.1.2; OWASP ASVS 6.2.1):
/// no rule asks for digits or symbols.
pub const PASSWORD_MIN: usize = 12;

/// The longest password, in characters, so that hashing one stays bounded.
pub const PASSWORD_MAX: usize = 256;

/// Whether `password` may protect the account `login`: 12 to 256 characters of any kind, not one that everybody
/// tries first, not a run of neighbouring keys, not the login name with a little around it.
///
/// The list is short, because it is part of the page. It holds what is common from twelve characters on, where the
/// well-known lists of leaked passwords have little left that these rules do not see.
///
/// # Errors
/// What is wrong, as a sentence for the person who chose it; nothing of the password is in it.
pub fn check_password(password: &str, login: impl AsRef<str>) -> Result<(), PasswordError> {
    let len = password.chars().count();
    if len < PASSWORD_MIN {
        return Err(PasswordError::TooShort { len });
    }
    if len > PASSWORD_MAX {
        return Err(PasswordError::TooLong { len });
    }
    // Letter by letter in place: no growing buffer leaves a piece of the password behind in freed memory.
    let mut lower = Zeroizing::new(password.to_owned());
    lower.make_ascii_lowercase();
    if is_little_but(&lower, len, login.as_ref()) {
        return Err(PasswordError::LoginName);
    }
    if is_repetition(&lower, len) || runs(&lower) <= MOST_RUNS {
        return Err(PasswordError::Monotonous);
    }
    if is_common(&lower) {
        return Err(PasswordError::Common);
    }
    Ok(())
}

/// With fewer characters than this beside it, the login name is the password.
const LEAST_BESIDE_LOGIN: usize = 5;

/// A login name shorter than this can stand in any password by chance.
const SHORTEST_LOGIN: usize = 4;

fn is_little_but(password: &str, len: usize, login: &str) -> bool {
    let login = login.trim().to_ascii_lowercase();
    let before_at = login.split('@').next().unwrap_or_default();
    [login.as_str(), before_at].into_iter().any(|part| {
        let part_len = part.chars().count();
        part_len >= SHORTEST_LOGIN
            && password.contains(part)
            && len - password.matches(part).count() * part_len < LEAST_BESIDE_LOGIN
    })
}

/// Whether it is one piece of at most eight characters over and over: `abcabcabcabc`.
fn is_repetition(password: &str, len: usize) -> bool {
    (1..=8.min(len / 2)).any(|piece| password.chars().zip(password.chars().skip(piece)).all(|(a, b)| a == b))
}

/// So many runs can be typed without thinking: `aaaa1111zzzz`, `qwertyuiop123`, `abcdef654321`.
const MOST_RUNS: usize = 3;

/// Rows and columns of the usual keyboard.
const KEYS: &str = "1234567890 qwertyuiop asdfghjkl zxcvbnm 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p !@#$%^&*()";

/// Into how many runs it falls, where a run goes on with the same character, the next or the one before in Unicode,
/// or a neighbouring key.
fn runs(password: &str) -> usize {
    let breaks = password.chars().zip(password.chars().skip(1)).filter(|&(a, b)| {
        let neighbours = u32::from(a).abs_diff(u32::from(b)) <= 1;
        let keys = KEYS
            .chars()
            .zip(KEYS.chars().skip(1))
            .any(|pair| pair == (a, b) || pair == (b, a));
        !neighbours && !keys
    });
    breaks.count() + 1
}

/// More than this beside a common word is no longer what everybody tries.
const MOST_BESIDE_WORD: usize = 6;

fn is_common(password: &str) -> bool {
    let word = password.trim_matches(|ch: char| !ch.is_alphabetic());
    is_listed(password, |ch| ch)
        || password.chars().count() - word.chars().count() <= MOST_BESIDE_WORD && is_listed(word, letter)
}

/// Whether it is on the list as `spelling` reads it. Blanks and hyphens between the words of a well-known phrase do not
/// make it less known.
fn is_listed(text: &str, spelling: fn(char) -> char) -> bool {
    // No more bytes than `text` has, because a spelling only puts ASCII for ASCII: the buffer is never moved.
    let mut spelt = Zeroizing::new(String::with_capacity(text.len()));
    spelt.extend(text.chars().map(spelling).filter(|ch| ch.is_alphanumeric()));
    COMMON.binary_search(&spelt.as_str()).is_ok()
}

/// The letter that a digit or symbol commonly stands for.
fn letter(ch: char) -> char {
    match ch {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        ch => ch,
    }
}

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_MIN`] characters.
    #[error(
        "The password has {len} characters, and {PASSWORD_MIN} is the least. Four words that have nothing to do with each other are a good one."
    )]
    TooShort {
        /// How many there are.
        len: usize,
    },
    /// More than [`PASSWORD_MAX`] characters.
    #[error("The password has {len} characters, and {PASSWORD_MAX} is the most. Shorten it.")]
    TooLong {
        /// How many there are.
        len: usize,
    },
    /// On the list, or a word of it with a little around it.
    #[error(
        "Many people use this password, so it is tried first. Choose another one, such as four words that have nothing to do with each other."
    )]
    Common,
    /// A repetition, or a few runs of neighbouring characters.
    #[error("The password repeats itself or follows the keyboard, so it is quickly guessed. Choose another one.")]
    Monotonous,
    /// Little more than the login name.
    #[error("The password is little more than your login name. Choose another one.")]
    LoginName,
}

impl PasswordError {
    /// The broken rule as a stable code for programs.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "password.too_short",
            Self::TooLong { .. } => "password.too_long",
            Self::Common => "password.common",
            Self::Monotonous => "password.monotonous",
            Self::LoginName => "password.login_name",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PasswordError, check_password};

    fn refused(password: &str) -> Option<PasswordError> {
        check_password(password, "anna.smith@example.com").err()
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(refused("krümelsalat"), Some(PasswordError::TooShort { len: 11 }));
        assert_eq!(refused("krümelsalate"), None);
        assert_eq!(refused(&"ab-x9".repeat(52)), Some(PasswordError::TooLong { len: 260 }));
    }

    #[test]
    fn what_everybody_tries_is_refused_however_it_is_spelt() {
        for password in [
            "password1234",
            "P@ssw0rd2026!",
            "  Password123 ",
            "Passwort!2345",
            "1234welcome!",
            "administrator",
            "Administrator1",
            "correct horse battery staple",
            "Correct-Horse-Battery-Staple",
            "iloveyouforever",
            "ChangeMe1234",
            "strongroom123",
        ] {
            assert_eq!(refused(password), Some(PasswordError::Common), "{password}");
        }
    }

    #[test]
    fn repetition_and_keyboard_runs_are_refused() {
        for password in [
            "aaaaaaaaaaaa",
            "abababababab",
            "abcabcabcabc",
            "hunter2hunter2",
            "passwordpassword",
            "123456789012",
            "0987654321098",
            "qwertyuiop123",
            "1qaz2wsx3edc",
            "aaaa1111zzzz",
            "abcdef654321",
            "ABCDEFabcdef",
            "!@#$%^&*()!@",
            "            ",
        ] {
            assert_eq!(refused(password), Some(PasswordError::Monotonous), "{password}");
        }
    }

    #[test]
    fn the_login_name_is_no_password() {
        for password in [
            "anna.smith@example.com",
            "Anna.Smith1234",
            "anna.smithanna.smith",
            "2026anna.smith",
        ] {
            assert_eq!(refused(password), Some(PasswordError::LoginName), "{password}");
        }
        assert_eq!(refused("anna.smith likes pears"), None);
        assert_eq!(check_password("a tale of three pears", "a"), Ok(()));
    }

    #[test]
    fn what_nobody_else_has_is_accepted() {
        for password in [
            "four pears on a roof",
            "xK7#pQ9!mZ2$",
            "kloosterbroccoli",
            "пароль из груш",
            "welcome83749281#1",
        ] {
            assert_eq!(refused(password), None, "{password}");
        }
    }
}
