//! The two ways the site is built: small for everyone, or quickly for those who work on it.

/// Which build of the site is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    /// The folder under `target/site`, and the word in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// Cargo's profile for the browser's side, and the folder that it builds into.
    pub(crate) fn of_the_browser(self) -> (&'static str, &'static str) {
        match self {
            Self::Dev => ("wasm-dev", "wasm-dev"),
            Self::Release => ("wasm-release", "wasm-release"),
        }
    }

    /// Brotli's quality: the best that there is takes seconds a megabyte, and only a release is worth them.
    pub(crate) fn brotli_quality(self) -> i32 {
        match self {
            Self::Dev => 4,
            Self::Release => 11,
        }
    }
}
