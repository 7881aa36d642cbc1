//! Which server to speak to and with which token: from the environment, or from what `login` wrote.

mod file;

use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) use file::{LoginFile, StoredLogin};

use crate::failure::Failure;
use crate::server_url::ServerUrl;
use crate::token::Token;

/// Finds a variable by its name. Tests have their own, since those of the process belong to all threads.
type Lookup = dyn Fn(&str) -> Option<OsString>;

/// The settings that come from the environment. Empty means unset, as for most programs.
pub(crate) struct Settings {
    lookup: Box<Lookup>,
}

/// Where the token came from, for saying what to do when the server refuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenSource {
    /// `STRONGROOM_TOKEN`.
    Environment,
    /// What `login` wrote.
    Login,
    /// Typed just now, for `login`.
    Typed,
    /// The server, for a session that this program has opened.
    Session,
}

/// All that is needed to speak to a server.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) server: ServerUrl,
    pub(crate) token: Token,
    pub(crate) token_source: TokenSource,
    /// Certificate authorities to trust instead of the system's, in PEM.
    pub(crate) ca_file: Option<PathBuf>,
}

impl Settings {
    /// Those of this process.
    pub(crate) fn from_environment() -> Self {
        Self::new(|name| std::env::var_os(name))
    }

    /// Those that `lookup` finds.
    pub(crate) fn new(lookup: impl Fn(&str) -> Option<OsString> + 'static) -> Self {
        Self {
            lookup: Box::new(lookup),
        }
    }

    /// `STRONGROOM_CA_FILE`.
    pub(crate) fn ca_file(&self) -> Option<PathBuf> {
        self.get("STRONGROOM_CA_FILE").map(PathBuf::from)
    }

    /// `STRONGROOM_URL`, if it is set.
    pub(crate) fn url(&self) -> Result<Option<ServerUrl>, Failure> {
        let Some(text) = self.text("STRONGROOM_URL")? else {
            return Ok(None);
        };
        self.parse_url(&text)
            .map(Some)
            .map_err(|error| Failure::new(format!("STRONGROOM_URL cannot be used: {error}")))
    }

    /// An address from elsewhere, judged by the same rule (`STRONGROOM_INSECURE_HTTP`).
    pub(crate) fn parse_url(&self, text: &str) -> Result<ServerUrl, crate::server_url::ServerUrlError> {
        let insecure_http = self.get("STRONGROOM_INSECURE_HTTP").is_some_and(|value| value == "1");
        ServerUrl::parse(text, insecure_http)
    }

    /// `STRONGROOM_TOKEN`, if it is set.
    pub(crate) fn token(&self) -> Result<Option<Token>, Failure> {
        let Some(text) = self.text("STRONGROOM_TOKEN")? else {
            return Ok(None);
        };
        Token::parse(&text)
            .map(Some)
            .map_err(|error| Failure::new(format!("STRONGROOM_TOKEN cannot be used: {error}")))
    }

    /// The file that `login` writes.
    pub(crate) fn login_file(&self) -> Result<LoginFile, Failure> {
        // The XDG base directory specification: a relative path is to be ignored.
        let base = self
            .get("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| self.get("HOME").map(|home| PathBuf::from(home).join(".config")))
            .ok_or_else(|| Failure::new("neither XDG_CONFIG_HOME nor HOME is set, so there is no place for a login"))?;
        Ok(LoginFile::in_config_home(base))
    }

    /// The server and the token to use, the environment before the login.
    ///
    /// The token of a login goes to the server it was made for and to no other: with another `STRONGROOM_URL` it would
    /// be handed to whoever answers there.
    pub(crate) fn connection(&self) -> Result<Connection, Failure> {
        let url = self.url()?;
        let token = self.token()?;
        let ca_file = self.ca_file();
        if let (Some(server), Some(token)) = (url.clone(), token.clone()) {
            return Ok(Connection {
                server,
                token,
                token_source: TokenSource::Environment,
                ca_file,
            });
        }
        let Some(login) = self.login_file().ok().map(|file| file.read()).transpose()?.flatten() else {
            return Err(Failure::new(match (url, token) {
                (Some(_), None) => "no token: set STRONGROOM_TOKEN, or run `strongroom login` once",
                (None, Some(_)) => "no server: set STRONGROOM_URL to its address, or run `strongroom login` once",
                _ => "no server and no token: run `strongroom login` once, or set STRONGROOM_URL and STRONGROOM_TOKEN",
            }));
        };
        let saved = self
            .parse_url(&login.url)
            .map_err(|error| Failure::new(format!("the saved login's address cannot be used: {error}")))?;
        match (url, token) {
            (None, Some(token)) => Ok(Connection {
                server: saved,
                token,
                token_source: TokenSource::Environment,
                ca_file,
            }),
            (Some(server), None) if server.origin() != saved.origin() => Err(Failure::new(format!(
                "STRONGROOM_URL names {}, but the login is for {}: set STRONGROOM_TOKEN too, or run `strongroom login {}`",
                server.origin(),
                saved.origin(),
                server.origin(),
            ))),
            _ => {
                let token = Token::parse(&login.token).map_err(|error| {
                    Failure::new(format!(
                        "the saved login's token cannot be used ({error}): run `strongroom login` again"
                    ))
                })?;
                Ok(Connection {
                    server: saved,
                    token,
                    token_source: TokenSource::Login,
                    ca_file,
                })
            }
        }
    }

    fn get(&self, name: &str) -> Option<OsString> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str) -> Result<Option<String>, Failure> {
        self.get(name)
            .map(|value| {
                value
                    .into_string()
                    .map_err(|_| Failure::new(format!("{name} is not valid UTF-8")))
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests;
