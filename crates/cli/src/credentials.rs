//! What of our own environment the command must not inherit.

use std::ffi::{OsStr, OsString};

use crate::token::Token;

/// How a variable of ours that carries a credential ends. `STRONGROOM_ROOT_KEY_FILE` is a path and stays.
const CREDENTIAL_ENDINGS: [&str; 4] = ["_TOKEN", "_KEY", "_PASSWORD", "_SECRET"];

/// What every Strongroom token begins with.
const TOKEN_START: &[u8] = b"sr_";

/// The names of the variables that the command does not get: those of Strongroom that carry a credential, and any
/// variable at all that holds the token in use, under whatever name it was copied there.
pub(crate) fn withheld(variables: impl IntoIterator<Item = (OsString, OsString)>, token: &Token) -> Vec<OsString> {
    variables
        .into_iter()
        .filter(|(name, value)| is_own_credential(name, value) || holds(value, token.expose().as_bytes()))
        .map(|(name, _)| name)
        .collect()
}

fn is_own_credential(name: &OsStr, value: &OsStr) -> bool {
    let name = name.as_encoded_bytes().to_ascii_uppercase();
    name.starts_with(b"STRONGROOM_")
        && (CREDENTIAL_ENDINGS
            .iter()
            .any(|ending| name.ends_with(ending.as_bytes()))
            || holds(value, TOKEN_START))
}

fn holds(value: &OsStr, part: &[u8]) -> bool {
    value
        .as_encoded_bytes()
        .windows(part.len())
        .any(|window| window == part)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    fn withheld_of(variables: &[(&str, &str)]) -> Vec<String> {
        let token = Token::parse("sr_pat_mine").unwrap();
        let variables = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        withheld(variables, &token)
            .into_iter()
            .map(|name| name.into_string().unwrap())
            .collect()
    }

    #[test]
    fn our_credentials_are_withheld() {
        let names = [
            ("STRONGROOM_TOKEN", "sr_pat_mine"),
            ("STRONGROOM_ROOT_KEY", "00ff"),
            ("STRONGROOM_ADMIN_PASSWORD", "x"),
            ("strongroom_token", "x"),
            ("STRONGROOM_NOTE", "the token sr_sbx_other"),
        ];
        assert_eq!(withheld_of(&names).len(), names.len());
    }

    #[test]
    fn settings_that_are_no_credential_stay() {
        let names = [
            ("STRONGROOM_URL", "http://127.0.0.1:3000"),
            ("STRONGROOM_CA_FILE", "/etc/ca.pem"),
            ("STRONGROOM_ROOT_KEY_FILE", "/etc/root.key"),
            ("PATH", "/usr/bin"),
            ("OTHER_TOKEN", "sr_pat_of_someone_else"),
        ];
        assert_eq!(withheld_of(&names), Vec::<String>::new());
    }

    #[test]
    fn a_copy_of_the_token_under_another_name_is_withheld() {
        assert_eq!(withheld_of(&[("BACKUP", "Bearer sr_pat_mine")]), ["BACKUP"]);
    }
}
