//! `strongroom login`: remembers a server and an API token for it.

use std::io::{IsTerminal, Read, stdin};

use zeroize::Zeroizing;

use crate::api::{ApiError, Client};
use crate::args::LoginArgs;
use crate::config::{Connection, Settings, StoredLogin, TokenSource};
use crate::failure::Failure;
use crate::server_url::ServerUrl;
use crate::token::{Token, TokenKind};
use crate::{output, prompt};

/// Where `cargo xtask run` and a server without settings listen.
const USUAL_ADDRESS: &str = "http://127.0.0.1:3000";

/// Longer than any token.
const MAX_TOKEN_BYTES: u64 = 4096;

/// Asks for what was not given, checks it with the server, and writes it down.
pub(super) fn execute(asked: LoginArgs) -> Result<(), Failure> {
    let settings = Settings::from_environment();
    if !asked.token_stdin && !stdin().is_terminal() {
        return Err(Failure::new(
            "login asks at a terminal, and there is none: give the address as an argument and the token with --token-stdin",
        ));
    }
    let server = server(&settings, &asked)?;
    let token = token(&server, asked.token_stdin)?;
    let login = StoredLogin {
        url: server.origin().to_owned(),
        token: token.expose().to_owned(),
    };
    let origin = server.origin().to_owned();
    let client = Client::new(Connection {
        server,
        token,
        token_source: TokenSource::Typed,
        ca_file: settings.ca_file(),
    })?;
    verify(&client)?;
    let file = settings.login_file()?;
    file.write(&login)?;
    output::print(&format!("Logged in to {origin}; saved in {}.\n", file.path().display()))?;
    if settings.token()?.is_some() {
        output::note("STRONGROOM_TOKEN is set and goes before the login just saved");
    }
    Ok(())
}

fn server(settings: &Settings, asked: &LoginArgs) -> Result<ServerUrl, Failure> {
    let text = match (&asked.url, settings.url()?) {
        (Some(text), _) => text.clone(),
        (None, Some(server)) => return Ok(server),
        (None, None) if asked.token_stdin => {
            return Err(Failure::new(
                "which server? Give its address: strongroom login URL --token-stdin",
            ));
        }
        (None, None) => {
            let typed = prompt::visible(&format!("Address of the server [{USUAL_ADDRESS}]: "))?;
            if typed.is_empty() {
                USUAL_ADDRESS.to_owned()
            } else {
                typed
            }
        }
    };
    settings
        .parse_url(&text)
        .map_err(|error| Failure::new(format!("the address cannot be used: {error}")))
}

fn token(server: &ServerUrl, from_stdin: bool) -> Result<Token, Failure> {
    let text = if from_stdin {
        let mut text = Zeroizing::new(String::new());
        stdin()
            .take(MAX_TOKEN_BYTES)
            .read_to_string(&mut text)
            .map_err(|error| Failure::new(format!("the token cannot be read from standard input: {error}")))?;
        text
    } else {
        prompt::hidden(&format!("API token (make one at {}/settings): ", server.origin()))?
    };
    let token = Token::parse(&text).map_err(|error| Failure::new(format!("the token cannot be used: {error}")))?;
    match token.kind() {
        TokenKind::Api => Ok(token),
        TokenKind::Sandbox => Err(Failure::new(
            "that is a sandbox token, which ends within hours: login keeps API tokens (they begin with sr_pat_); give a \
             sandbox token in STRONGROOM_TOKEN",
        )),
    }
}

/// A valid token that may not list names is a good login too: it may be for `run` only.
fn verify(client: &Client) -> Result<(), Failure> {
    match client.secrets() {
        Ok(_) => Ok(()),
        Err(error) if lacks_a_scope(&error) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn lacks_a_scope(error: &ApiError) -> bool {
    error
        .refused_with(403)
        .is_some_and(|problem| problem.is("missing-scope"))
}
