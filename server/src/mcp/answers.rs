//! What a tool answers: a sentence for the model that says what to do next, the same as fields, or a refusal in words.

use domain::{AskedView, Outcome, RequestStatus, RequestView, SecretName, SecretView};
use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::Value;
use vault::Error;

use super::arguments;

/// Whether the person has the link already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// The model has to show it.
    ToShow,
    /// The client has shown it, and the person agreed to open it.
    Shown,
}

/// The secrets that are stored, without their values.
#[derive(Serialize)]
struct Listed {
    secrets: Vec<Stored>,
}

#[derive(Serialize)]
struct Stored {
    name: SecretName,
    description: String,
    created_at: String,
    changed_at: String,
}

/// How a request stands.
#[derive(Serialize)]
struct Report {
    id: String,
    status: RequestStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    secrets: Vec<Asked>,
    expires_at: String,
    message: String,
}

#[derive(Serialize)]
struct Asked {
    name: SecretName,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
}

/// The list, as text too: not every client passes fields on.
pub(super) fn listed(secrets: Vec<SecretView>) -> CallToolResult {
    let secrets = secrets.into_iter().map(|secret| Stored {
        name: secret.name,
        description: secret.description,
        created_at: secret.created_at.to_rfc3339(),
        changed_at: secret.changed_at.to_rfc3339(),
    });
    let fields = fields(Listed {
        secrets: secrets.collect(),
    });
    said(fields.to_string(), fields)
}

/// How a request stands. `url` is where the person answers it.
pub(super) fn report(request: RequestView, url: String, link: Link) -> CallToolResult {
    let message = message(&request, &url, link);
    let pending = request.status == RequestStatus::Pending;
    let secrets = request.secrets.into_iter().map(|secret| Asked {
        name: secret.name,
        outcome: secret.outcome,
    });
    let report = Report {
        id: request.id,
        status: request.status,
        url: pending.then_some(url),
        secrets: secrets.collect(),
        expires_at: request.expires_at.to_rfc3339(),
        message: message.clone(),
    };
    said(message, fields(report))
}

/// A refusal: the call did not do what it was asked, for a reason that the model can act on.
pub(super) fn refused(sentence: impl Into<String>) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(sentence.into())])
}

/// What the vault refuses, in words for a model.
pub(super) fn refusal(error: Error) -> CallToolResult {
    refused(match error {
        Error::NotFound => "This token has no request of that id. Use the id that request_secrets gave.".to_owned(),
        Error::Invalid(errors) => arguments::sentences(&errors),
        Error::OutsideSession { names } => format!(
            "Nobody was asked. This token is confined to other names than {}: the person can make one that is not, \
             under Settings.",
            in_words(&names)
        ),
        Error::TooMany { limit, .. } => format!(
            "Nobody was asked: {limit} requests wait for the person already. Ask again when some of them are answered or \
             have lapsed."
        ),
        // The table and the row are for the operator's eyes, and stand in the log.
        error @ (Error::Corrupt { .. } | Error::NoRandom | Error::Storage(_)) => {
            tracing::error!(cause = %error, "A tool of the MCP endpoint failed");
            "The server could not do this, and nothing was changed. Its operator finds the cause in its log; trying again \
             later may help."
                .to_owned()
        }
        error => error.to_string(),
    })
}

/// What the person reads in their client beside the link.
pub(super) fn invitation(request: &RequestView) -> String {
    let names: Vec<_> = request.secrets.iter().map(|secret| &secret.name).collect();
    let mut text = format!(
        "{} asks for {}. You type it on Strongroom's own page; neither this client nor the model sees it.",
        request.asked_by,
        in_words(&names)
    );
    if let Some(reason) = &request.reason {
        text.push_str(&format!(" The reason given: “{reason}”"));
    }
    text
}

fn message(request: &RequestView, url: &str, link: Link) -> String {
    let names: Vec<_> = request.secrets.iter().map(|secret| &secret.name).collect();
    let (id, names) = (&request.id, in_words(&names));
    match (request.status, link) {
        (RequestStatus::Pending, Link::ToShow) => format!(
            "The person has to answer this. Show them this link, where they type {names} or skip: {url} . Do not ask for \
             it in the chat. Then call request_status with id {id} and wait_seconds to learn what became of it."
        ),
        (RequestStatus::Pending, Link::Shown) => format!(
            "The person has the link and has not answered yet. Call request_status with id {id} and wait_seconds to learn \
             what became of it. If they lost the link: {url}"
        ),
        (RequestStatus::Stored, _) => format!(
            "Answered. {} Code in this person's sandbox finds what is stored as environment variables; you never see the \
             values.",
            outcomes(&request.secrets)
        ),
        (RequestStatus::Skipped, _) => format!(
            "The person does not want to give {names} now. Go on without, or ask them in the chat how; do not request it \
             again unasked."
        ),
        (RequestStatus::Expired, _) => {
            "Nobody answered in time, and nothing was stored. If it is still needed, tell the person and request it again."
                .to_owned()
        }
        (RequestStatus::Cancelled, _) => {
            "The request was taken back: the person declined to open it, or its token was revoked. Nothing was stored; do \
             not request it again unasked."
                .to_owned()
        }
    }
}

/// `A was stored, B was kept as it is.`
fn outcomes(secrets: &[AskedView]) -> String {
    let each: Vec<_> = secrets
        .iter()
        .filter_map(|secret| {
            let became = match secret.outcome? {
                Outcome::Stored => "was stored",
                Outcome::Kept => "was kept as it is",
                Outcome::Skipped => "was skipped",
            };
            Some(format!("{} {became}", secret.name))
        })
        .collect();
    format!("{}.", each.join(", "))
}

fn in_words(names: &[impl AsRef<str>]) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ")
}

fn said(text: String, fields: Value) -> CallToolResult {
    let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
    result.structured_content = Some(fields);
    result
}

/// These shapes have names, texts and lists only, which JSON always has a form for.
fn fields(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use domain::Timestamp;

    use super::*;

    fn request(status: RequestStatus, outcome: Option<Outcome>) -> RequestView {
        RequestView {
            id: "0198".to_owned(),
            status,
            secrets: vec![AskedView {
                name: SecretName::parse("X_TOKEN").unwrap(),
                description: "For X".to_owned(),
                obtain_url: None,
                outcome,
            }],
            reason: Some("To search.".to_owned()),
            requested_by: None,
            asked_by: "API token laptop".to_owned(),
            created_at: Timestamp(0),
            expires_at: Timestamp(900_000),
            ended_at: None,
        }
    }

    fn told(result: &CallToolResult) -> (String, Value) {
        let text = result.content.first().unwrap().as_text().unwrap().text.clone();
        (text, result.structured_content.clone().unwrap_or_default())
    }

    #[test]
    fn the_link_stands_in_text_and_fields_while_the_request_waits_and_not_after() {
        let url = "https://strongroom.example/r/0198";
        for link in [Link::ToShow, Link::Shown] {
            let (text, fields) = told(&report(request(RequestStatus::Pending, None), url.to_owned(), link));
            assert!(text.contains(url) && text.contains("request_status"), "{text}");
            assert_eq!(fields.get("url").unwrap(), url);
            assert_eq!(fields.get("message").unwrap(), &text);
        }
        let stored = request(RequestStatus::Stored, Some(Outcome::Stored));
        let (text, fields) = told(&report(stored, url.to_owned(), Link::Shown));
        assert!(text.contains("X_TOKEN was stored.") && !text.contains(url), "{text}");
        assert_eq!(fields.get("url"), None);
        assert_eq!(fields.pointer("/secrets/0/outcome").unwrap(), "stored");
        assert_eq!(fields.get("expires_at").unwrap(), "1970-01-01T00:15:00.000Z");
    }

    #[test]
    fn the_person_reads_who_asks_for_what_and_why() {
        let text = invitation(&request(RequestStatus::Pending, None));
        assert!(text.starts_with("API token laptop asks for X_TOKEN."), "{text}");
        assert!(text.ends_with("“To search.”"), "{text}");
    }

    #[test]
    fn a_failure_of_the_servers_own_is_told_without_its_insides() {
        let result = refusal(Error::Corrupt {
            table: "secrets",
            column: "name",
            id: "0198".to_owned(),
        });
        assert_eq!(result.is_error, Some(true));
        let (text, _) = told(&result);
        assert!(!text.contains("0198") && !text.contains("column"), "{text}");
    }
}
