//! One environment variable: how it is looked up and how a mistake in it is told.

use std::ffi::OsString;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Where variables are looked up: the process's environment, or a map in a test.
pub struct Environment<'a> {
    lookup: &'a dyn Fn(&str) -> Option<OsString>,
}

impl<'a> Environment<'a> {
    /// An environment behind a look-up, for example `&|name| std::env::var_os(name)`.
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { lookup }
    }

    /// The value as the system has it; paths need not be UTF-8.
    ///
    /// # Errors
    /// An empty value: what was meant to be there is missing, and the default would hide that.
    pub(super) fn os(&self, name: &'static str) -> Result<Option<OsString>, ConfigError> {
        match (self.lookup)(name) {
            Some(value) if value.is_empty() => Err(ConfigError::bare(
                name,
                "is set, but empty. Unset it, or give it a value",
            )),
            value => Ok(value),
        }
    }

    /// The value as text.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        match self.os(name)?.map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(text)) => Ok(Some(text)),
            Some(Err(_)) => Err(ConfigError::bare(name, "is not valid UTF-8")),
        }
    }
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    variable: &'static str,
    problem: String,
    example: Option<&'static str>,
}

impl ConfigError {
    pub(super) fn new(variable: &'static str, problem: impl Into<String>, example: &'static str) -> Self {
        Self {
            variable,
            problem: problem.into(),
            example: Some(example),
        }
    }

    pub(super) fn bare(variable: &'static str, problem: impl Into<String>) -> Self {
        Self {
            variable,
            problem: problem.into(),
            example: None,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.", self.variable, self.problem)?;
        match self.example {
            Some(example) => write!(f, " For example: {}={example}", self.variable),
            None => Ok(()),
        }
    }
}

/// A switch: `1` or `true`, `0` or `false`; off when it is not set.
pub(super) fn flag(environment: &Environment<'_>, name: &'static str) -> Result<bool, ConfigError> {
    match environment.text(name)?.as_deref() {
        None | Some("0" | "false") => Ok(false),
        Some("1" | "true") => Ok(true),
        Some(other) => Err(ConfigError::new(name, format!("is `{other}`: it is 1 or 0"), "1")),
    }
}

/// A whole number within bounds.
pub(super) fn number<T>(
    environment: &Environment<'_>,
    name: &'static str,
    bounds: RangeInclusive<T>,
) -> Result<Option<T>, ConfigError>
where
    T: FromStr + PartialOrd + fmt::Display,
{
    let Some(text) = environment.text(name)? else {
        return Ok(None);
    };
    match text.parse::<T>() {
        Ok(value) if bounds.contains(&value) => Ok(Some(value)),
        _ => Err(ConfigError::bare(
            name,
            format!(
                "is `{text}`: it is a whole number from {} to {}",
                bounds.start(),
                bounds.end()
            ),
        )),
    }
}
