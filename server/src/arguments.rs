//! The program's command line.

use std::ffi::OsString;
use std::fmt;

use lexopt::prelude::{Long, Short, Value};

mod upkeep;

pub use self::upkeep::UpkeepCommand;
use self::upkeep::{ACCEPT, RESTORE_DRILL};

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
  platform add NAME --origin ORIGIN… [--request-url URL] [--most-users N]
                                            Add an agent product that keeps its users' secrets here; print its key, this once
                                            ORIGIN: of its pages that may show the field, such as https://chat.example
                                            URL: its own page for a request, with {id} in it
  platform list                             List the platforms
  platform rotate NAME                      Make another key, print it, and end what the old one opened
  platform remove NAME                      Remove a platform with all of its users and their secrets
  keys status                               Say how the keys stand: fingerprints, terms, counts, ages
  keys recovery-kit                         Print the page that brings the server back: it holds the root key
  keys rotate-root                          Put another root key in the place of the one in its file
  keys rotate-term                          Wrap all accounts' keys under another key
  keys rotate-user NAME                     Encrypt all that an account has under another key
  backup FILE                               Write a backup, as of now, while the server runs; the root key is not in it
  restore FILE                              Put a backup back, where there is no database
  doctor [--restore-drill FILE]             Open every row, here or in a backup, and look at keys, files, clock and disk
  doctor --accept ACCOUNT                   Take the values of an account, by the id that doctor says, for the right ones

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
  STRONGROOM_KEPT_VERSIONS      earlier values that are kept of each secret (10)
  STRONGROOM_RECORD_DAYS        days that records are kept (400)
  STRONGROOM_MODEL_URL          an OpenAI-compatible endpoint that answers in chats; with it STRONGROOM_MODEL, its model,
                                and, if it wants one, STRONGROOM_MODEL_KEY_FILE or STRONGROOM_MODEL_KEY
  STRONGROOM_SANDBOX_ALLOWED    host:port, ... that is not public and that code in sandboxes may reach (nothing)
  STRONGROOM_SANDBOX_SECONDS, _MEMORY_MIB, _PROCESSES, _OUTPUT_KIB, _DISK_MIB
                                what one run in a sandbox may use (60, 512, 64, 1024, 64)
  STRONGROOM_SANDBOX_AT_ONCE    runs at once; others wait (as many as there are cores)
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
    /// Something about platforms.
    Platform(PlatformCommand),
    /// Something about keys, backups, or the state of it all.
    Upkeep(UpkeepCommand),
    /// Print [`USAGE`].
    Help,
    /// Print the version.
    Version,
}

/// What is to be done about platforms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlatformCommand {
    /// Add one.
    Add {
        /// What people read beside their account.
        name: String,
        /// The origins of its pages.
        origins: Vec<String>,
        /// Its own page for a request.
        request_url: Option<String>,
        /// How many users it may have.
        most_users: Option<u32>,
    },
    /// List them.
    List,
    /// Make another key.
    Rotate {
        /// Which one.
        name: String,
    },
    /// Remove one.
    Remove {
        /// Which one.
        name: String,
    },
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
    options: Vec<(&'static str, String)>,
}

/// Options that take no value, and those that do.
const FLAGS: [&str; 1] = [PASSWORD_STDIN];
const OPTIONS: [&str; 8] = [
    "user",
    "scopes",
    "label",
    "origin",
    "request-url",
    "most-users",
    RESTORE_DRILL,
    ACCEPT,
];
const PASSWORD_STDIN: &str = "password-stdin";

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
            Long(name) => match (known(&FLAGS, name), known(&OPTIONS, name)) {
                (Some(flag), _) => given.options.push((flag, String::new())),
                (None, Some(option)) => given.options.push((option, text(parser.value()?)?)),
                (None, None) => return Err(argument.unexpected().into()),
            },
            Value(word) => given.words.push(text(word)?),
            other @ Short(_) => return Err(other.unexpected().into()),
        }
    }
    given.command()
}

fn known(all: &[&'static str], name: &str) -> Option<&'static str> {
    all.iter().find(|known| **known == name).copied()
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
            [] | ["serve"] => self.taking(&[], Command::Serve),
            ["help"] => self.taking(&[], Command::Help),
            ["user", "add", name] => {
                let name = (*name).to_owned();
                self.taking(&FLAGS, Command::UserAdd { name, password: self.password() })
            }
            ["user", "set-password", name] => {
                let name = (*name).to_owned();
                self.taking(&FLAGS, Command::UserSetPassword { name, password: self.password() })
            }
            ["user", "add" | "set-password"] => Err(UsageError("say whose account: NAME is missing".to_owned())),
            // What came too much is not repeated: it may be a password.
            ["user", "add" | "set-password", _, ..] => Err(UsageError(
                "there is more than a NAME. A password is never an argument: it is asked for, or read with --password-stdin"
                    .to_owned(),
            )),
            ["token", "create"] => self.taking(&["user", "scopes", "label"], self.token_create()?),
            ["token", "create", ..] => Err(UsageError("`token create` takes --user and --scopes only".to_owned())),
            ["platform", "list"] => self.taking(&[], Command::Platform(PlatformCommand::List)),
            ["platform", "add", name] => {
                self.taking(&["origin", "request-url", "most-users"], self.platform_add((*name).to_owned())?)
            }
            ["platform", "rotate", name] => {
                let name = (*name).to_owned();
                self.taking(&[], Command::Platform(PlatformCommand::Rotate { name }))
            }
            ["platform", "remove", name] => {
                let name = (*name).to_owned();
                self.taking(&[], Command::Platform(PlatformCommand::Remove { name }))
            }
            ["platform", "add" | "rotate" | "remove"] => {
                Err(UsageError("say which platform: NAME is missing".to_owned()))
            }
            ["platform", "add" | "rotate" | "remove", ..] => {
                Err(UsageError("there is more than a NAME; put a name with blanks in quotes".to_owned()))
            }
            ["keys" | "backup" | "restore" | "doctor", ..] => upkeep::read(&self, &words),
            _ => Err(UsageError("there is no such command".to_owned())),
        }
    }

    fn password(&self) -> PasswordFrom {
        if self.all(PASSWORD_STDIN).next().is_some() {
            PasswordFrom::Stdin
        } else {
            PasswordFrom::Terminal
        }
    }

    fn token_create(&self) -> Result<Command, UsageError> {
        let (Some(user), Some(scopes)) = (self.last("user"), self.last("scopes")) else {
            return Err(UsageError(
                "`token create` needs --user NAME and --scopes SCOPES".to_owned(),
            ));
        };
        Ok(Command::TokenCreate {
            user,
            scopes,
            label: self.last("label").unwrap_or_else(|| "made by the operator".to_owned()),
        })
    }

    fn platform_add(&self, name: String) -> Result<Command, UsageError> {
        let origins: Vec<String> = self.all("origin").map(str::to_owned).collect();
        if origins.is_empty() {
            return Err(UsageError(
                "`platform add` needs --origin: where the field may be shown, such as https://chat.example".to_owned(),
            ));
        }
        let most_users = match self.last("most-users").map(|text| text.parse()) {
            None => None,
            Some(Ok(number)) => Some(number),
            Some(Err(_)) => return Err(UsageError("--most-users takes a whole number".to_owned())),
        };
        Ok(Command::Platform(PlatformCommand::Add {
            name,
            origins,
            request_url: self.last("request-url"),
            most_users,
        }))
    }

    fn all(&self, option: &str) -> impl Iterator<Item = &str> {
        self.options
            .iter()
            .filter(move |(name, _)| *name == option)
            .map(|(_, value)| value.as_str())
    }

    fn last(&self, option: &str) -> Option<String> {
        self.all(option).last().map(str::to_owned)
    }

    /// The command, if no other options were given than those that it takes.
    fn taking(&self, options: &[&str], command: Command) -> Result<Command, UsageError> {
        match self.options.iter().find(|(name, _)| !options.contains(name)) {
            Some((other, _)) => Err(UsageError(format!("--{other} does not belong to this command"))),
            None => Ok(command),
        }
    }
}

#[cfg(test)]
mod tests;
