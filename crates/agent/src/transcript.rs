//! A conversation as a model reads it.
//!
//! It is made anew from what is kept before each round, so what was taken out of a message is not told either; what the tools
//! of this turn said is redacted anew. Tools that were used stand in it as calls and their results; the ids of the calls are
//! made from where they stand.

use domain::chat::{Entry, Run};
use domain::{MAX_VALUE_BYTES, RequestStatus};
use serde_json::json;

use crate::model::{Call, Message};

/// Characters of a conversation that a model is told, the newest first to be kept.
const MOST: usize = 120_000;
/// Characters of one result: the end of what was printed says most.
const MOST_RESULT: usize = 16_000;

pub(crate) const LIST: &str = "list_secrets";
pub(crate) const ASK: &str = "request_secret";
pub(crate) const RUN: &str = "run_code";

/// What the model is told before all else.
const INSTRUCTIONS: &str = "You are the agent in a chat of Strongroom, where a person keeps API keys, tokens and passwords. \
Each secret has a name, and is an environment variable of that name in the sandbox in which run_code runs; you never see a \
value, and you need none: read os.environ[\"NAME\"] in Python, process.env.NAME in JavaScript, \"$NAME\" in shell. \
Use list_secrets to learn which there are. If one is missing, call request_secret: the person types it into a secure field \
that you cannot see. Never ask anybody to write a secret into the chat, never print one, never write one into a file. \
Output comes back with values replaced by [NAME]: that is as it should be. Python has its standard library only, JavaScript \
is Node's, and nothing can be installed. Answer shortly, in the person's language, in Markdown.";

/// What the model is told; `about` are the values of the conversation's settings in words.
pub(crate) fn messages(entries: &[(u32, Entry)], about: &str) -> Vec<Message> {
    let mut parts: Vec<Vec<Message>> = Vec::new();
    for (position, entry) in entries {
        match (entry, parts.last_mut()) {
            // A model's words and its calls are one message.
            (Entry::Listed | Entry::Asked { .. } | Entry::Ran(_), Some(part)) => call(part, *position, entry),
            (Entry::Listed | Entry::Asked { .. } | Entry::Ran(_), None) => {
                let mut part = Vec::new();
                call(&mut part, *position, entry);
                parts.push(part);
            }
            (Entry::Person { text, .. }, _) => parts.push(vec![Message::Person(text.clone())]),
            (Entry::Agent { text }, _) => parts.push(vec![said(text)]),
            (Entry::Note { text, wrong: true }, _) => {
                parts.push(vec![Message::Person(format!(
                    "[From the server, not the person: {text}]"
                ))]);
            }
            (Entry::Note { .. }, _) => {}
        }
    }
    let mut room = MOST;
    let kept = parts.iter().rev().take_while(|part| {
        let size = part.iter().map(size).sum();
        let fits = size <= room;
        room = room.saturating_sub(size);
        fits
    });
    let from = parts.len() - kept.count();
    // A round in which nothing was said and no tool used is nothing to a model, and an error to some servers.
    let newest = parts
        .into_iter()
        .skip(from)
        .flatten()
        .filter(|message| !is_empty(message));
    [Message::System(format!("{INSTRUCTIONS}\n{about}"))]
        .into_iter()
        .chain(newest)
        .collect()
}

fn is_empty(message: &Message) -> bool {
    matches!(message, Message::Agent { text, calls } if text.trim().is_empty() && calls.is_empty())
}

fn said(text: &str) -> Message {
    Message::Agent {
        text: text.to_owned(),
        calls: Vec::new(),
    }
}

/// Adds a call to the model's last message, and its result after it.
fn call(part: &mut Vec<Message>, position: u32, entry: &Entry) {
    let id = format!("call_{position}");
    let (name, arguments, result) = match entry {
        Entry::Asked {
            names, reason, status, ..
        } => {
            let secrets: Vec<_> = names.iter().map(|name| json!({ "name": name.as_str() })).collect();
            let arguments = json!({ "secrets": secrets, "reason": reason });
            (ASK, arguments, outcome(*status).to_owned())
        }
        Entry::Ran(run) => {
            let arguments = json!({ "language": run.language.tag(), "code": run.code });
            (RUN, arguments, result(run))
        }
        _ => (LIST, json!({}), "(what there was then)".to_owned()),
    };
    let call = Call {
        id: id.clone(),
        name: name.to_owned(),
        arguments: arguments.to_string(),
    };
    // Several calls stand before all of their results.
    let place = part.iter_mut().rev().find_map(|message| match message {
        Message::Agent { calls, .. } => Some(calls),
        _ => None,
    });
    match place {
        Some(calls) => calls.push(call),
        None => part.push(Message::Agent {
            text: String::new(),
            calls: vec![call],
        }),
    }
    part.push(Message::Result {
        call_id: id,
        text: result_cut(&result),
    });
}

pub(crate) fn outcome(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::Stored => "Stored. It is an environment variable in the sandbox now.",
        RequestStatus::Skipped => {
            "The person skipped it. Do not ask for it again; go on without it, or say what you cannot do."
        }
        RequestStatus::Expired => "Nobody answered in time.",
        RequestStatus::Cancelled => "The request was taken back.",
        RequestStatus::Pending => "Not answered yet.",
    }
}

/// What a run came to, as a model reads it.
pub(crate) fn result(run: &Run) -> String {
    let end = run.end.as_ref().map_or("It was cut off.", |end| end.words.as_str());
    let mut text = format!("{end}\n");
    if run.output.is_empty() {
        text.push_str("It printed nothing.");
    } else {
        text.push_str(&run.output);
    }
    for (name, content) in &run.files {
        text.push_str(&format!("\n[file {name}]\n{content}"));
    }
    text
}

/// The end of a long result, as a model reads it.
pub(crate) fn result_cut(text: &str) -> String {
    let end = end_of(text, MOST_RESULT);
    if end.len() == text.len() {
        return text.to_owned();
    }
    format!("[What comes before this is left out]\n{end}")
}

/// What is kept of a result to be told again: so much more that a value which comes to be stored meanwhile, and reaches into
/// what is told, is there whole to be found.
pub(crate) fn result_kept(text: String) -> String {
    let end = end_of(&text, MOST_RESULT + MAX_VALUE_BYTES);
    if end.len() == text.len() { text } else { end.to_owned() }
}

/// At most so many characters from the end.
fn end_of(text: &str, most: usize) -> &str {
    let from = most.checked_sub(1).and_then(|last| text.char_indices().nth_back(last));
    text.get(from.map_or(0, |(at, _)| at)..).unwrap_or_default()
}

fn size(message: &Message) -> usize {
    match message {
        Message::System(text) | Message::Person(text) | Message::Result { text, .. } => text.len(),
        Message::Agent { text, calls } => text.len() + calls.iter().map(|call| call.arguments.len()).sum::<usize>(),
    }
}
