//! The commands, one module each. Each returns the exit status to end with.

mod env;
mod login;
mod logout;
mod request;
mod run;
mod secrets;

use crate::args::Command;
use crate::failure::Failure;
use crate::{help, output};

/// Does what was asked.
pub(crate) fn execute(command: Command) -> Result<u8, Failure> {
    match command {
        Command::Run(asked) => return run::execute(asked),
        Command::Monitor(command) => return run::monitor::execute(&command),
        Command::Request(asked) => request::execute(&asked),
        Command::Env(asked) => env::execute(asked),
        Command::Secrets(asked) => secrets::execute(asked),
        Command::Login(asked) => login::execute(asked),
        Command::Logout => logout::execute(),
        Command::Help(topic) => output::print(help::text(topic)),
        Command::Version => output::print(concat!("strongroom ", env!("CARGO_PKG_VERSION"), "\n")),
    }?;
    Ok(0)
}
