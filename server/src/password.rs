//! A password, from where it cannot be seen.

use std::io::{self, Read};

use domain::RawValue;

use crate::arguments::PasswordFrom;

/// More than any password that is accepted; a wrong file is not read to its end.
const MOST: u64 = 64 * 1024;

/// Reads a password, typed twice if it is typed.
///
/// # Errors
/// Without a terminal, when the two differ, or when standard input is not text.
pub fn read(from: PasswordFrom) -> io::Result<RawValue> {
    match from {
        PasswordFrom::Stdin => piped(io::stdin().lock()),
        PasswordFrom::Terminal => typed(),
    }
}

/// Exactly one newline is taken off the end: the one that `echo` adds. A second one is part of the password.
fn piped(input: impl Read) -> io::Result<RawValue> {
    let mut password = String::with_capacity(1024);
    input.take(MOST).read_to_string(&mut password)?;
    if password.ends_with('\n') {
        password.pop();
    }
    Ok(RawValue::new(password))
}

fn typed() -> io::Result<RawValue> {
    let no_terminal = |error: io::Error| {
        io::Error::new(
            error.kind(),
            "there is no terminal to ask on; pipe the password in with --password-stdin",
        )
    };
    let first = RawValue::new(rpassword::prompt_password("Password: ").map_err(no_terminal)?);
    let again = RawValue::new(rpassword::prompt_password("Once more: ").map_err(no_terminal)?);
    // Exposed to be compared; both were just typed by the same person.
    if first.expose() == again.expose() {
        Ok(first)
    } else {
        Err(io::Error::other("the two are not the same"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn exactly_one_newline_is_taken_off_the_end() {
        for (sent, read) in [
            ("abc\n", "abc"),
            ("abc\n\n", "abc\n"),
            ("abc", "abc"),
            (" abc \n", " abc "),
            ("", ""),
        ] {
            assert_eq!(piped(sent.as_bytes()).unwrap().expose(), read);
        }
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert!(piped(&b"\xff\xfe"[..]).is_err());
    }
}
