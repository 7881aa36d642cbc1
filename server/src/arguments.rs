//! The program's command line.

use std::ffi::OsString;
use std::fmt;

use lexopt::prelude::{Long, Short, Value};

/// What `--help` prints.
pub const USAGE: &str = "\
Usage: strongroom-server [COMMAND]

Commands:
  serve                                     Run the server (what happens without a command)
  user add NAME [--password-stdin]          Add an account, whatever the sign-up policy
  user set-password NAME [--password-stdin] Replace a password and end the account's sessions
  token create --user NAME --scopes SCOPES [--label LABEL]
                                            Make an API token and print it, this once
                                            SCOPES: secrets:read,secrets:write,sandboxes:write,requests:write

Options:
  --password-stdin   Read the password from standard input, less one newline at its end
  -h, --help         Print this
  -V, --version      Print the version

All commands read the same settings, from the environment:
  STRONGROOM_ADDR               where to listen (127.0.0.1:3000)
  STRONGROOM_DATA_DIR           database, root key and admin socket (./data)
  STRONGROOM_DATABASE_URL       sqlite:PATH, if elsewhere
  STRONGROOM_ROOT_KEY_FILE      the root key's file, if elsewhere; or STRONGROOM_ROOT_KEY, 64 hex digits
  STRONGROOM_PUBLIC_URL         the address that people type, if another one
  STRONGROOM_SIGNUP             first, open or closed (first)
  STRONGROOM_RECORD_DURABILITY  what a record of use survives: process or power (process)
  STRONGROOM_INSECURE_HTTP      1 to allow plain http beyond this machine
  STRONGROOM_TRUSTED_PROXIES    addresses or networks whose X-Forwarded-For is believed
  STRONGROOM_METRICS_ADDR       where to serve metrics (nowhere)
  STRONGROOM_MAX_SECRETS        secrets an account may hold (200)
  STRONGROOM_RECORD_DAYS        days that records are kept (400)
  STRONGROOM_LOG                filter of the log on standard error (info)

Exit status: 0 done, 1 failed or refused, 2 wrong usage.
";

/// What the program is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Run the server.
    Serve,
    /// Add an account.
    UserAdd {
        /// The login name.
        name: String,
        /// Where its password comes from.
        password: PasswordFrom,
    },
    /// Replace an account's password.
    UserSetPassword {
        /// The login name.
        name: String,
        /// Where its new password comes from.
        password: PasswordFrom,
    },
    /// Make an API token.
    TokenCreate {
        /// The login name.
        user: String,
        /// Its scopes, as typed.
        scopes: String,
        /// What its owner sees in the list of tokens.
        label: String,
    },
    /// Print [`USAGE`].
    Help,
    /// Print the version.
    Version,
}

/// Where a password comes from; never from the command line, where other users of the machine can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFrom {
    /// Asked for on the terminal, hidden.
    Terminal,
    /// Standard input.
    Stdin,
}

/// A command line that means nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct UsageError(String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<lexopt::Error> for UsageError {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// The words and options of a command line, in whatever order they came.
#[derive(Default)]
struct Given {
    words: Vec<String>,
    password_stdin: bool,
    user: Option<String>,
    scopes: Option<String>,
    label: Option<String>,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// What does not fit.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, UsageError> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut given = Given::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("password-stdin") => given.password_stdin = true,
            Long("user") => given.user = Some(text(parser.value()?)?),
            Long("scopes") => given.scopes = Some(text(parser.value()?)?),
            Long("label") => given.label = Some(text(parser.value()?)?),
            Value(word) => given.words.push(text(word)?),
            other => return Err(other.unexpected().into()),
        }
    }
    given.command()
}

fn text(argument: OsString) -> Result<String, UsageError> {
    argument
        .into_string()
        .map_err(|_| UsageError("an argument is not valid UTF-8".to_owned()))
}

impl Given {
    fn command(self) -> Result<Command, UsageError> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] | ["serve"] => self.without_options(Command::Serve),
            ["help"] => self.without_options(Command::Help),
            ["user", "add", name] => {
                let command = Command::UserAdd { name: (*name).to_owned(), password: self.password() };
                self.without_token_options(command)
            }
            ["user", "set-password", name] => {
                let command = Command::UserSetPassword { name: (*name).to_owned(), password: self.password() };
                self.without_token_options(command)
            }
            ["user", "add" | "set-password"] => Err(UsageError("say whose account: NAME is missing".to_owned())),
            // What came too much is not repeated: it may be a password.
            ["user", "add" | "set-password", _, ..] => Err(UsageError(
                "there is more than a NAME. A password is never an argument: it is asked for, or read with --password-stdin"
                    .to_owned(),
            )),
            ["token", "create"] => self.token_create(),
            ["token", "create", ..] => Err(UsageError("`token create` takes --user and --scopes only".to_owned())),
            _ => Err(UsageError("there is no such command".to_owned())),
        }
    }

    fn password(&self) -> PasswordFrom {
        if self.password_stdin {
            PasswordFrom::Stdin
        } else {
            PasswordFrom::Terminal
        }
    }

    fn token_create(self) -> Result<Command, UsageError> {
        if self.password_stdin {
            return Err(UsageError(
                "--password-stdin does not belong to this command".to_owned(),
            ));
        }
        let (Some(user), Some(scopes)) = (self.user, self.scopes) else {
            return Err(UsageError(
                "`token create` needs --user NAME and --scopes SCOPES".to_owned(),
            ));
        };
        Ok(Command::TokenCreate {
            user,
            scopes,
            label: self.label.unwrap_or_else(|| "made by the operator".to_owned()),
        })
    }

    fn without_options(self, command: Command) -> Result<Command, UsageError> {
        if self.password_stdin {
            return Err(UsageError(
                "--password-stdin does not belong to this command".to_owned(),
            ));
        }
        self.without_token_options(command)
    }

    fn without_token_options(self, command: Command) -> Result<Command, UsageError> {
        if self.user.is_some() || self.scopes.is_some() || self.label.is_some() {
            return Err(UsageError(
                "--user, --scopes and --label belong to `token create`".to_owned(),
            ));
        }
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_command_it_serves() {
        assert_eq!(read(""), Ok(Command::Serve));
        assert_eq!(read("serve"), Ok(Command::Serve));
    }

    #[test]
    fn commands_for_accounts_take_a_name_and_ask_for_the_password() {
        let name = || "ada".to_owned();
        assert_eq!(
            read("user add ada"),
            Ok(Command::UserAdd {
                name: name(),
                password: PasswordFrom::Terminal
            })
        );
        assert_eq!(
            read("user set-password --password-stdin ada"),
            Ok(Command::UserSetPassword {
                name: name(),
                password: PasswordFrom::Stdin
            })
        );
    }

    #[test]
    fn a_token_needs_its_user_and_its_scopes() {
        assert_eq!(
            read("token create --user ada --scopes=secrets:read,sandboxes:write --label ci"),
            Ok(Command::TokenCreate {
                user: "ada".to_owned(),
                scopes: "secrets:read,sandboxes:write".to_owned(),
                label: "ci".to_owned()
            })
        );
        assert!(read("token create --user ada").unwrap_err().contains("--scopes"));
    }

    #[test]
    fn what_makes_no_sense_is_said_without_repeating_a_password() {
        let problem = read("user add ada hunter2").unwrap_err();
        assert!(
            problem.contains("--password-stdin") && !problem.contains("hunter2"),
            "{problem}"
        );
        for wrong in [
            "user",
            "user add",
            "tokens",
            "serve --user ada",
            "serve now",
            "--colour",
            "token create --password-stdin",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
