//! The agent that is a language model with tools.

use domain::chat::{Entry, EntryView, Language};
use domain::{Outcome, RequestDraft, RequestView};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::model::{Call, Message, Model, Reply, Tool};
use crate::show::shown;
use crate::transcript::{self, ASK, LIST, RUN};
use crate::work::{Result, Work};

/// Rounds of one turn: a model that calls tools without end is stopped there.
const ROUNDS: usize = 16;

/// What the model gives to [`RUN`].
#[derive(Deserialize)]
struct RunArguments {
    language: String,
    code: String,
    #[serde(default)]
    files: std::collections::BTreeMap<String, String>,
}

/// One turn.
pub(crate) async fn answer(work: &Work, model: &Model) -> Result<()> {
    let tools = tools();
    // What the tools answered in this turn beyond what is kept of it.
    let mut results: Vec<(Vec<Call>, Vec<String>)> = Vec::new();
    let before = work.vault.conversations().entries(&work.turn).await?.len();
    for _ in 0..ROUNDS {
        let entries = work.vault.conversations().entries(&work.turn).await?;
        let earlier = entries.get(..before).unwrap_or_default();
        let mut messages = transcript::messages(earlier, &about(work).await?);
        if !results.is_empty() {
            let texts = results.iter_mut().flat_map(told_again);
            work.vault.conversations().redact_anew(&work.turn, texts).await?;
        }
        for (entry, (calls, answers)) in said_since(&entries, before).zip(&results) {
            messages.push(Message::Agent {
                text: entry,
                calls: calls.clone(),
            });
            messages.extend(calls.iter().zip(answers).map(|(call, text)| Message::Result {
                call_id: call.id.clone(),
                text: transcript::result_cut(text),
            }));
        }
        let reply = match speak(work, model, &messages, &tools).await? {
            Ok(reply) => reply,
            Err(error) => return work.note(error.to_string(), true).await,
        };
        if reply.calls.is_empty() {
            if reply.cut {
                work.note("The model's answer was cut off: it had reached its length.", true)
                    .await?;
            } else if reply.text.trim().is_empty() {
                work.note("The model answered nothing. Send your message again.", true)
                    .await?;
            }
            return Ok(());
        }
        let mut answers = Vec::new();
        for call in &reply.calls {
            let text = use_tool(work, call).await?;
            answers.push(transcript::result_kept(text));
        }
        results.push((reply.calls, answers));
    }
    let words = format!("The model used tools {ROUNDS} times in a row without coming to an end, so it was stopped.");
    work.note(words, true).await
}

/// The texts of a round that the next rounds tell once more.
fn told_again((calls, answers): &mut (Vec<Call>, Vec<String>)) -> impl Iterator<Item = &mut String> {
    calls.iter_mut().map(|call| &mut call.arguments).chain(answers)
}

/// What the model has said in this turn, one text a round: rounds without words are there as empty texts.
fn said_since(entries: &[(u32, Entry)], before: usize) -> impl Iterator<Item = String> {
    entries
        .get(before..)
        .unwrap_or_default()
        .iter()
        .filter_map(|(_, entry)| match entry {
            Entry::Agent { text } => Some(text.clone()),
            _ => None,
        })
}

/// One round: what the model says is shown as it comes, and kept.
async fn speak(
    work: &Work,
    model: &Model,
    messages: &[Message],
    tools: &[Tool],
) -> Result<std::result::Result<Reply, crate::model::ModelError>> {
    let empty = Entry::Agent { text: String::new() };
    let position = work.open(empty, |_| EntryView::Writing(String::new())).await?;
    let live = &work.live;
    let replied = model
        .reply(messages, tools, &mut |text| live.more(position, text))
        .await;
    let text = match &replied {
        Ok(reply) => reply.text.clone(),
        // What came before it broke off was read already.
        Err(_) => match live.opened().remove(&position).map(|open| open.entry) {
            Some(Entry::Agent { text }) => text,
            _ => String::new(),
        },
    };
    work.close(position, Entry::Agent { text }, |kept| shown(kept, &[], true))
        .await?;
    Ok(replied)
}

/// What the conversation's settings say, and which names there are.
async fn about(work: &Work) -> Result<String> {
    let settings = work.vault.conversations().settings(&work.turn).await?;
    let network = if settings.network {
        "Code that you run can reach the internet."
    } else {
        "Code that you run has no network; the person can switch it on for this chat."
    };
    let names = match &settings.names {
        None => "It is given every secret.".to_owned(),
        Some(names) if names.is_empty() => {
            "It is given no secret in this chat, until the person allows one.".to_owned()
        }
        Some(names) => {
            let names: Vec<_> = names.iter().map(|name| name.as_str()).collect();
            format!("In this chat it is given these secrets only: {}.", names.join(", "))
        }
    };
    let runs = work.runner.availability().await.problem.unwrap_or_default();
    Ok(format!("{network} {names} {runs}"))
}

/// Does what the model asks for; gives the result in words. What the vault refuses is told to the model, which can do better.
async fn use_tool(work: &Work, call: &Call) -> Result<String> {
    match call.name.as_str() {
        LIST => {
            work.add(Entry::Listed).await?;
            let known: Vec<_> = work
                .secrets()
                .await?
                .into_iter()
                .map(|secret| json!({ "name": secret.name.as_str(), "description": secret.description }))
                .collect();
            Ok(json!({ "secrets": known }).to_string())
        }
        ASK => match arguments::<RequestDraft>(call) {
            Ok(draft) => match draft.check() {
                Ok(asked) => answered(work.ask(asked).await),
                Err(errors) => {
                    let words: Vec<_> = errors
                        .iter()
                        .map(|error| format!("{}: {}", error.field, error.message))
                        .collect();
                    Ok(format!("Not asked. {}", words.join(" ")))
                }
            },
            Err(words) => wrong(work, call, words).await,
        },
        RUN => match arguments::<RunArguments>(call) {
            Ok(given) => match Language::from_tag(&given.language) {
                Some(language) => {
                    let run = work
                        .run(language, given.code, given.files.into_iter().collect())
                        .await?;
                    Ok(transcript::result(&run))
                }
                None => wrong(work, call, "language must be python, javascript or shell".to_owned()).await,
            },
            Err(words) => wrong(work, call, words).await,
        },
        _ => wrong(work, call, "there is no such tool".to_owned()).await,
    }
}

fn answered(ended: Result<RequestView>) -> Result<String> {
    match ended {
        Ok(request) => {
            let each = request.secrets.iter().map(|secret| {
                let became = match secret.outcome {
                    Some(Outcome::Stored) => "stored",
                    Some(Outcome::Kept) => "kept as it was",
                    Some(Outcome::Skipped) | None => "not given",
                };
                format!("{}: {became}.", secret.name)
            });
            let each: Vec<_> = each.collect();
            Ok(format!("{} {}", transcript::outcome(request.status), each.join(" ")))
        }
        // Too many waiting, say: the model can go on without.
        Err(error @ (vault::Error::TooMany { .. } | vault::Error::Invalid(_))) => Ok(format!("Not asked. {error}")),
        Err(error) => Err(error),
    }
}

fn arguments<T: DeserializeOwned>(call: &Call) -> std::result::Result<T, String> {
    let text = if call.arguments.trim().is_empty() {
        "{}"
    } else {
        &call.arguments
    };
    // Where and what, not the text itself: it is the model's, and may be anything.
    serde_json::from_str(text).map_err(|error| format!("its arguments do not fit, {error}"))
}

async fn wrong(work: &Work, call: &Call, words: String) -> Result<String> {
    let name: String = call.name.chars().filter(|ch| ch.is_ascii_graphic()).take(40).collect();
    work.note(format!("The model used the tool `{name}` wrongly: {words}."), false)
        .await?;
    Ok(format!("Not done: {words}."))
}

fn tools() -> [Tool; 3] {
    [
        Tool {
            name: LIST,
            description: "Lists the person's secrets: names and descriptions, never values.",
            parameters: json!({ "type": "object", "properties": {}, "additionalProperties": false }),
        },
        Tool {
            name: ASK,
            description: "Asks the person for secrets that are missing, in a secure field in the chat. Waits for the answer. \
                          You learn whether they were stored, never a value.",
            parameters: json!({
                "type": "object",
                "properties": {
                    "secrets": {
                        "type": "array", "minItems": 1, "maxItems": 10,
                        "items": {
                            "type": "object",
                            "properties": {
                                "name": { "type": "string", "pattern": "^[A-Z_][A-Z0-9_]*$",
                                          "description": "The environment variable, like X_BEARER_TOKEN." },
                                "description": { "type": "string", "description": "What it is for." },
                                "obtain_url": { "type": "string", "description": "Where to get one: an https address." }
                            },
                            "required": ["name"], "additionalProperties": false
                        }
                    },
                    "reason": { "type": "string", "description": "Why you need it now, for the person." }
                },
                "required": ["secrets"], "additionalProperties": false
            }),
        },
        Tool {
            name: RUN,
            description: "Runs code in a sandbox in which the person's secrets are environment variables. Gives what it printed, \
                          values replaced by [NAME], and the text files that it wrote into the working directory.",
            parameters: json!({
                "type": "object",
                "properties": {
                    "language": { "type": "string", "enum": ["python", "javascript", "shell"] },
                    "code": { "type": "string" },
                    "files": { "type": "object", "additionalProperties": { "type": "string" },
                               "description": "Text files to put there first, by name." }
                },
                "required": ["language", "code"], "additionalProperties": false
            }),
        },
    ]
}
