//! The setup code: who can read the server's output may make the first account, nobody else. New at every start.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::keys::random_bytes;

/// Letters and digits that are not mistaken for each other: 5 bits each.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Twelve signs, 60 bits: guessed by nobody through the throttle.
pub(crate) struct SetupCode(Zeroizing<String>);

impl SetupCode {
    pub(crate) fn make() -> Result<Self> {
        let random: [u8; 12] = random_bytes().map_err(|_| Error::NoRandom)?;
        let signs = random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        Ok(Self(Zeroizing::new(signs.map(|sign| char::from(*sign)).collect())))
    }

    /// In three groups, as it is printed.
    pub(crate) fn shown(&self) -> String {
        let groups: Vec<&str> = (0..3)
            .filter_map(|group| self.0.get(group * 4..group * 4 + 4))
            .collect();
        groups.join("-")
    }

    /// Compares in constant time, whatever the case and the dashes.
    pub(crate) fn fits(&self, typed: &str) -> bool {
        let typed: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|sign| sign.to_ascii_uppercase())
                .collect(),
        );
        self.0.as_bytes().ct_eq(typed.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn it_fits_as_printed_and_as_people_type_it() {
        let code = SetupCode::make().unwrap();
        assert_eq!(code.shown().len(), 14);
        assert!(code.fits(&code.shown()));
        assert!(code.fits(&code.shown().to_lowercase().replace('-', " ")));
        assert!(!code.fits(""));
        assert!(!code.fits(&SetupCode::make().unwrap().shown()));
    }
}
