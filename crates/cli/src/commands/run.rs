//! `strongroom run`: a command with the secrets in its environment.

mod course;
mod redacted;
mod relay;

use std::ffi::OsString;
use std::io;
use std::process::Child;
use std::sync::Arc;

use domain::EnvFormat;
use redact::Patterns;
use signal_hook::consts::SIGINT;

use crate::api::{Client, NewSandbox};
use crate::args::RunArgs;
use crate::child::{self, Invocation};
use crate::config::{Connection, Settings};
use crate::environment::{self, Wanted, listed};
use crate::failure::{Failure, OWN_FAILURE};
use crate::injection::{self, Injection};
use crate::token::TokenKind;
use crate::{credentials, job, output, signals};
use course::{Course, Session};
pub(super) use redacted::monitor;
use redacted::{Flow, Redacted, Terminals};

/// Longer than any program's name should be; the server takes no more of a label either.
const MAX_LABEL_CHARS: usize = 100;

/// Fetches, runs the command as its parent, and passes its end on.
///
/// With an API token it opens a sandbox session for the length of the command; with a sandbox token it uses that one.
pub(super) fn execute(asked: RunArgs) -> Result<u8, Failure> {
    let connection = Settings::from_environment().connection()?;
    refuse_session_options(&asked, &connection)?;
    asked.command.check()?;
    let withheld = credentials::withheld(std::env::vars_os(), &connection.token);
    let opens_session = connection.token.kind() == TokenKind::Api;
    let client = Client::new(connection)?;

    let course = Arc::new(Course::new());
    let on_signal = Arc::clone(&course);
    signals::listen(move |received| on_signal.receive(received))
        .map_err(|error| Failure::new(format!("cannot listen for signals: {error}")))?;
    // From here on every way out, an early one and a panic included, closes what was opened.
    let _closing = Closing(&course);

    let sandbox = if opens_session {
        open(&client, &asked, &course)?
    } else {
        course.fetching(None)?;
        client
    };
    let injection = fetch(&sandbox, &asked)?;
    let (mut child, flow) = start(asked.command, asked.redact, &withheld, &injection, &course)?;
    // The command has its copy; ours are wiped now, however long it runs.
    drop(injection);

    child::wait_for_end(&child, |_| course.suspended());
    course.ended();
    let keyboard = flow.as_ref().and_then(Flow::keyboard);
    let passed_on = flow.map_or(Ok(()), Flow::finish);
    course.over();
    let end = child::end_of(&mut child);
    let by_ctrl_c = end.as_ref().is_err_and(|end| end.signal() == Some(SIGINT));
    if by_ctrl_c && keyboard.is_some_and(|keyboard| keyboard.has_interrupted()) && job::is_in_foreground() {
        // The key reached the command's own terminal alone. Whatever started us, a script or `make`, would have had it too.
        job::interrupt();
    }
    if let Err(error) = passed_on {
        // A command that writes by itself would have failed; this one did not know.
        output::note(&format!("not all that the command printed could be passed on: {error}"));
        return end.map(|code| if code == 0 { OWN_FAILURE } else { code });
    }
    end
}

/// Starts the command, with us between it and its output if there is anything to be taken out of that.
fn start(
    command: Invocation,
    redact: bool,
    withheld: &[OsString],
    injection: &Injection,
    course: &Course,
) -> Result<(Child, Option<Flow>), Failure> {
    let Some(patterns) = (if redact { patterns(injection)? } else { None }) else {
        let prepared = command.with_secrets(withheld, &injection.variables);
        let child = course.start(Terminals::default(), || command.spawn(prepared))?;
        return Ok((child, None));
    };
    let redacted = Redacted::open().map_err(not_between)?;
    let command = redacted.invocation(command);
    let mut prepared = command.with_secrets(withheld, &injection.variables);
    let flow = redacted.attach(&mut prepared, &patterns).map_err(not_between)?;
    let child = course.start(flow.terminals(), || {
        flow.listen().map_err(not_between)?;
        command.spawn(prepared)
    })?;
    Ok((child, Some(flow)))
}

fn not_between(error: io::Error) -> Failure {
    Failure::new(format!(
        "cannot stand between the command and its output ({error}): run it with --no-redact, if nobody else sees what it \
         prints"
    ))
}

/// What is to be taken out of the output. The names of values too short to be found are told, once.
fn patterns(injection: &Injection) -> Result<Option<Arc<Patterns>>, Failure> {
    if injection.variables.is_empty() {
        return Ok(None);
    }
    let secrets = injection
        .variables
        .iter()
        // Exposed to be compared with what the command prints.
        .map(|(name, value)| (name.as_str(), value.expose().as_bytes()));
    let patterns = Patterns::new(secrets).map_err(|error| {
        Failure::new(format!(
            "{error}: leave large ones out with --except, or run with --no-redact if nobody else sees the output"
        ))
    })?;
    if !patterns.unpromised().is_empty() {
        output::note(&format!(
            "too short to be taken out of what the command prints: {}",
            listed(patterns.unpromised())
        ));
    }
    Ok(Some(Arc::new(patterns)))
}

fn open(client: &Client, asked: &RunArgs, course: &Course) -> Result<Client, Failure> {
    let sandbox = NewSandbox {
        label: asked.label.as_deref().or_else(|| default_label(&asked.command)),
        ttl_seconds: asked.session_seconds(),
        names: asked.only.as_ref().map(|names| names.iter().collect()),
    };
    let (id, token) = client
        .open_sandbox(&sandbox)
        .map_err(|error| course.cancelled().unwrap_or_else(|| error.into()))?;
    course.fetching(Some(Session::new(client.clone(), id)))?;
    Ok(client.in_session(token))
}

fn fetch(sandbox: &Client, asked: &RunArgs) -> Result<Injection, Failure> {
    let wanted = Wanted {
        only: asked.only.clone(),
        require: asked.require.clone(),
        wait: asked.wait,
    };
    let body = environment::fetch(sandbox, &wanted, EnvFormat::Json)?;
    let injection = injection::read(&body, &asked.except)?;
    for (name, why) in &injection.refused {
        output::note(&format!("{name} is kept out of the environment: {why}"));
    }
    let absent: Vec<&str> = asked
        .only
        .iter()
        .flatten()
        .map(|name| name.as_str())
        .filter(|name| !injection.variables.iter().any(|(there, _)| there.as_str() == *name))
        .filter(|name| !injection.refused.iter().any(|(there, _)| there == name))
        .collect();
    if !absent.is_empty() {
        output::note(&format!("not stored, so not in the environment: {}", listed(&absent)));
    }
    Ok(injection)
}

fn refuse_session_options(asked: &RunArgs, connection: &Connection) -> Result<(), Failure> {
    let given = asked.label.is_some() || asked.ttl.is_some();
    if given && connection.token.kind() == TokenKind::Sandbox {
        return Err(Failure::new(
            "--label and --ttl are for the session that run opens with an API token; this is a sandbox token, whose \
             session is open already: leave them out",
        ));
    }
    Ok(())
}

/// The program's name, so that the records say what used the secrets. Never its arguments: they can hold anything.
fn default_label(command: &Invocation) -> Option<&str> {
    command
        .file_name()
        .filter(|name| !name.is_empty() && name.chars().count() <= MAX_LABEL_CHARS)
        .filter(|name| output::printable(name) == *name)
}

/// Closes the session when it goes out of scope.
struct Closing<'a>(&'a Course);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
