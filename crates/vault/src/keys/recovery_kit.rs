//! What is printed and kept for the day on which the root key's file is gone.

use zeroize::Zeroizing;

use super::root::{RootKeyError, RootKeySource, load_or_make};

/// The root key, for paper. Zeroed on drop; `Debug` shows the fingerprint alone.
pub struct RecoveryKit {
    /// How the key is told from others.
    pub fingerprint: String,
    digits: Zeroizing<String>,
}

/// Digits in a group, as people read them out.
const GROUP: usize = 4;
/// Groups in a line.
const GROUPS: usize = 4;

/// Reads the root key to be printed.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn recovery_kit(source: &RootKeySource) -> Result<RecoveryKit, RootKeyError> {
    let key = load_or_make(source, false)?;
    Ok(RecoveryKit {
        fingerprint: key.fingerprint(),
        digits: key.digits(),
    })
}

impl RecoveryKit {
    /// The root key's 64 digits in lines of groups: what [`RootKeySource`] reads, blanks and all.
    pub fn lines(&self) -> impl Iterator<Item = Zeroizing<String>> {
        let groups: Vec<&str> = (0..)
            .map_while(|group| self.digits.get(group * GROUP..(group + 1) * GROUP))
            .collect();
        let lines: Vec<_> = groups
            .chunks(GROUPS)
            .map(|line| Zeroizing::new(line.join(" ")))
            .collect();
        lines.into_iter()
    }
}

impl std::fmt::Debug for RecoveryKit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryKit")
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn what_is_typed_from_the_page_is_the_key_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.key");
        let source = RootKeySource::File(path.clone());
        let made = load_or_make(&source, true).unwrap();
        let kit = recovery_kit(&source).unwrap();
        let lines: Vec<String> = kit.lines().map(|line| format!("   {}", line.to_uppercase())).collect();
        assert_eq!(lines.len(), 4);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, lines.join("\n")).unwrap();
        assert_eq!(load_or_make(&source, false).unwrap().fingerprint(), made.fingerprint());
        assert_eq!(kit.fingerprint, made.fingerprint());
        let shown = format!("{kit:?}");
        assert!(!shown.contains(kit.digits.as_str()) && shown.contains(&kit.fingerprint));
    }
}
