//! `strongroom env`: a sandbox's environment as text. The one command that prints values, and it takes a sandbox token.

use std::io::{IsTerminal, stdout};

use crate::api::Client;
use crate::args::EnvArgs;
use crate::config::Settings;
use crate::environment::{self, Wanted};
use crate::failure::Failure;
use crate::output;
use crate::token::TokenKind;

/// Prints what the server sends, byte for byte.
pub(super) fn execute(asked: EnvArgs) -> Result<(), Failure> {
    let connection = Settings::from_environment().connection()?;
    if connection.token.kind() != TokenKind::Sandbox {
        return Err(Failure::new(
            "env prints values, so it takes a sandbox token only (it begins with sr_sbx_) and this is an API token: use \
             `strongroom run -- COMMAND`, or open a session (POST /api/v1/sandboxes) and set STRONGROOM_TOKEN to its token",
        ));
    }
    let client = Client::new(connection)?;
    let wanted = Wanted {
        only: asked.only,
        require: asked.require,
        wait: asked.wait,
    };
    let body = environment::fetch(&client, &wanted, asked.format)?;
    output::print_exactly(&body)?;
    // For the eye alone: JSON has no line break at its end.
    if stdout().is_terminal() && !body.ends_with(b"\n") {
        output::print_exactly(b"\n")?;
    }
    Ok(())
}
