//! The agent that is there without a model. It understands no sentence: it notices names of secrets, asks for those that
//! are missing, and runs code in fences.

use domain::chat::{Language, Run};
use domain::{Description, Outcome, RequestStatus, RequestView, SecretName, SecretRequest, SecretView};

use crate::said::{Said, said};
use crate::work::{Result, Work};

/// What it says of itself wherever it answers.
pub(crate) const LABEL: &str = "No model configured. I can ask for secrets and run code.";

const HOW_TO_CONFIGURE: &str = "To talk with a model, whoever runs this server sets `STRONGROOM_MODEL_URL` to an \
OpenAI-compatible endpoint, a local one too, and `STRONGROOM_MODEL` to the model's name; a key goes into \
`STRONGROOM_MODEL_KEY_FILE`. Then they start the server again.";

/// Pieces of code that are run for one message.
const MOST_RUNS: usize = 16;

/// One turn.
pub(crate) async fn answer(work: &Work, message: &str) -> Result<()> {
    let said = said(message);
    let stored = work.secrets().await?;
    if asks_for_list(&said) {
        return work.say(list(&stored)).await;
    }
    if asks_about_model(&said) {
        return work.say(format!("{LABEL}\n\n{HOW_TO_CONFIGURE}")).await;
    }
    let missing: Vec<&SecretName> = said
        .names
        .iter()
        .filter(|name| stored.iter().all(|secret| secret.name != **name))
        .collect();
    if !missing.is_empty() {
        let ended = work.ask(request_for(&missing)).await?;
        if let Some(words) = lacking(&ended) {
            return work.say(words).await;
        }
    }
    if said.code.is_empty() {
        return work.say(without_code(&said, &stored)).await;
    }
    if said.code.len() > MOST_RUNS {
        let words =
            format!("That is more code than I run for one message: {MOST_RUNS} pieces at most. Send it in parts.");
        return work.say(words).await;
    }
    for (language, code) in said.code {
        let run = work.run(language, code, Vec::new()).await?;
        if !run.end.as_ref().is_some_and(|end| end.well) {
            return work.say("That did not end well, so I stopped here.").await;
        }
        work.say(result(&run)).await?;
    }
    Ok(())
}

fn request_for(missing: &[&SecretName]) -> SecretRequest {
    let mut request = SecretRequest::of_names(missing.iter().copied());
    for secret in &mut request.secrets {
        let words = format!("{} that you named in a chat", secret.name);
        secret.description = Description::parse(&words).unwrap_or_default();
    }
    request.reason = Some("You named it in your message, and it is not stored yet.".to_owned());
    request
}

/// What keeps it from going on, if anything does.
fn lacking(request: &RequestView) -> Option<String> {
    let lacking: Vec<String> = request
        .secrets
        .iter()
        .filter(|secret| !matches!(secret.outcome, Some(Outcome::Stored | Outcome::Kept)))
        .map(|secret| format!("`{}`", secret.name))
        .collect();
    let names = lacking.join(", ");
    match request.status {
        _ if lacking.is_empty() => None,
        RequestStatus::Expired => Some(format!(
            "Nobody answered in time, so I do not have {names}. Send your message again when you have it at hand."
        )),
        _ => Some(format!(
            "Without {names} I cannot go on. Send your message again if you change your mind."
        )),
    }
}

fn without_code(said: &Said, stored: &[SecretView]) -> String {
    if let Some(tag) = said.unknown.first() {
        let tag = if tag.is_empty() {
            "no language".to_owned()
        } else {
            format!("`{tag}`")
        };
        return format!(
            "The code says {tag}. I run `python`, `javascript` and `shell`: write one of them after the three backticks."
        );
    }
    match said.names.first() {
        Some(name) => format!(
            "{} I cannot write the code for it without a model, but I run what you send. For example:\n\n\
             ```python\nimport os\n\ntoken = os.environ[\"{name}\"]\nprint(len(token), \"characters\")\n```\n\n\
             Put your own between such fences, in Python, JavaScript or shell.",
            there(&said.names)
        ),
        None => format!(
            "{LABEL}\n\nName a secret, like `X_BEARER_TOKEN`, and I ask you for it if it is missing. Send code between \
             three backticks with `python`, `javascript` or `shell` after them, and I run it with your secrets as \
             environment variables. {}\n\n{HOW_TO_CONFIGURE}",
            summary(stored)
        ),
    }
}

fn there(names: &[SecretName]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [name] => format!("{name} is there, as an environment variable in the sandbox."),
        names => format!(
            "{} are there, as environment variables in the sandbox.",
            names.join(", ")
        ),
    }
}

fn summary(stored: &[SecretView]) -> String {
    match stored.len() {
        0 => "You have stored none yet.".to_owned(),
        1 => "You have stored one.".to_owned(),
        number => format!("You have stored {number}."),
    }
}

fn list(stored: &[SecretView]) -> String {
    if stored.is_empty() {
        return "You have stored no secrets yet. Name one, like `X_BEARER_TOKEN`, and I ask you for it.".to_owned();
    }
    let mut lines = "These are there, as environment variables in the sandbox:\n\n".to_owned();
    for secret in stored {
        lines.push_str(&format!("- `{}`", secret.name));
        if !secret.description.is_empty() {
            lines.push_str(&format!(": {}", secret.description.replace('\n', " ")));
        }
        lines.push('\n');
    }
    lines
}

fn result(run: &Run) -> &'static str {
    match (run.output.trim().is_empty(), run.names.is_empty(), run.language) {
        (true, _, Language::Shell) => "It ran, and printed nothing.",
        (true, ..) => "It ran, and printed nothing. What it is to show, it has to print.",
        (false, false, _) => "That is what it printed. A value in it would have been replaced by its name.",
        (false, true, _) => "That is what it printed.",
    }
}

fn asks_for_list(said: &Said) -> bool {
    let asks = [
        "what secrets",
        "which secrets",
        "list secrets",
        "list my secrets",
        "list the secrets",
        "my secrets",
    ];
    said.code.is_empty() && said.names.is_empty() && asks.iter().any(|words| said.words.contains(words))
}

fn asks_about_model(said: &Said) -> bool {
    let asks = ["configure", "set up", "which model", "what model", "use a model"];
    said.code.is_empty() && said.words.contains("model") && asks.iter().any(|words| said.words.contains(words))
}
