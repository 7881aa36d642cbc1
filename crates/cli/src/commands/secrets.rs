//! `strongroom secrets`: names, descriptions and new values. No value comes back.

mod history;
mod import;
mod list;
mod remove;
mod set;

use crate::api::Client;
use crate::args::SecretsCommand;
use crate::config::Settings;
use crate::failure::Failure;
use crate::token::TokenKind;

/// Does what was asked, with an API token.
pub(super) fn execute(asked: SecretsCommand) -> Result<(), Failure> {
    let connection = Settings::from_environment().connection()?;
    if connection.token.kind() != TokenKind::Api {
        return Err(Failure::new(
            "secrets takes an API token (it begins with sr_pat_), and this is a sandbox token: a sandbox reads its \
             environment and manages nothing",
        ));
    }
    let client = Client::new(connection)?;
    match asked {
        SecretsCommand::List { json } => list::execute(&client, json),
        SecretsCommand::Set(asked) => set::execute(&client, &asked),
        SecretsCommand::Remove { names } => remove::execute(&client, &names),
        SecretsCommand::History { name, json } => history::list(&client, &name, json),
        SecretsCommand::PutBack { name, version } => history::put_back(&client, &name, version),
        SecretsCommand::Forget { name } => history::forget(&client, &name),
        SecretsCommand::Import(asked) => import::execute(&client, &asked),
    }
}
