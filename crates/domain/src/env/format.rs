//! The formats by name.

use std::fmt;
use std::str::FromStr;

/// A text form of an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(rename_all = "lowercase"))]
pub enum EnvFormat {
    /// `{"NAME":"value"}`, flat. Carries every value; the one for programs.
    #[default]
    Json,
    /// A `.env` file that Node's `--env-file`, npm's `dotenv` and `python-dotenv` all read alike.
    Dotenv,
    /// `export NAME='value'` for any POSIX shell. Carries every value.
    Shell,
    /// `NAME=value` for `docker run --env-file`: one line each, nothing quoted.
    Docker,
}

impl EnvFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Json, Self::Dotenv, Self::Shell, Self::Docker];

    /// As requests call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Dotenv => "dotenv",
            Self::Shell => "shell",
            Self::Docker => "docker",
        }
    }

    /// The `Content-Type` of an answer in it.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Dotenv | Self::Shell | Self::Docker => "text/plain; charset=utf-8",
        }
    }
}

impl fmt::Display for EnvFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for EnvFormat {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or(UnknownFormat)
    }
}

/// A format that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This format does not exist. There are json, dotenv, shell and docker.")]
pub struct UnknownFormat;
