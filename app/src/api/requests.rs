//! What agents ask for: listed without values, opened by the one who is asked, answered once.

use domain::{FieldView, RequestView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::reply::Reply;
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::ssr::{self, Done, Form, Outcome, Refusal};
#[cfg(feature = "ssr")]
use domain::{Description, FieldError, SecretName};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::{Actor, Answer, Answered, Error};

/// What waits for the person, the oldest first.
#[server(name = ListWaiting, prefix = "/api/ui", endpoint = "/list-waiting")]
pub(crate) async fn list_waiting() -> Result<Vec<RequestView>, UiError> {
    let actor = ssr::actor().await?;
    ssr::backend()?
        .vault
        .requests()
        .waiting(&actor)
        .await
        .map_err(|error| ssr::unreadable(&error))
}

/// One request, for the person who is asked; `None` for everybody else, whether it exists or not.
#[server(name = OpenRequest, prefix = "/api/ui", endpoint = "/open-request")]
pub(crate) async fn open_request(#[server(default)] id: String) -> Result<Option<FieldView>, UiError> {
    let actor = ssr::actor().await?;
    match ssr::backend()?.vault.requests().open(&actor, &id).await {
        Ok(field) => Ok(Some(field)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(ssr::unreadable(&error)),
    }
}

/// The answer to one name, as the form sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SubmittedAnswer {
    name: String,
    value: SubmittedValue,
    description: String,
    /// Which state of a stored secret was shown; empty for a name that was not stored.
    etag: String,
    /// Leaves what is stored, whatever stands in the value.
    keep: bool,
    /// Gives nothing for this name.
    skip: bool,
}

/// Answers a request: stores what was typed, all or nothing.
#[server(name = AnswerRequest, prefix = "/api/ui", endpoint = "/answer-request")]
pub(crate) async fn answer_request(
    #[server(default)] id: String,
    #[server(default)] answers: Vec<SubmittedAnswer>,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let mut form = Form::new(AnswerRequest::PATH, page_of(&id));
    for (index, answer) in answers.iter().enumerate() {
        form = form.keep(&field(index, "description"), &answer.description);
    }
    form.answer(settle(&actor, &id, answers).await)
}

/// Says no to a request.
#[server(name = SkipRequest, prefix = "/api/ui", endpoint = "/skip-request")]
pub(crate) async fn skip_request(#[server(default)] id: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(SkipRequest::PATH, page_of(&id));
    form.answer(decline(&actor, &id).await)
}

/// What the form calls a part of one answer.
#[cfg(feature = "ssr")]
fn field(index: usize, part: &str) -> String {
    format!("answers[{index}][{part}]")
}

#[cfg(feature = "ssr")]
async fn settle(actor: &Actor, id: &str, submitted: Vec<SubmittedAnswer>) -> Outcome<()> {
    let (mut answers, mut errors) = (Vec::new(), Vec::new());
    let names: Vec<String> = submitted.iter().map(|answer| answer.name.clone()).collect();
    for (index, answer) in submitted.into_iter().enumerate() {
        match checked(answer) {
            Ok(answer) => answers.push(answer),
            Err(wrong) => errors.extend(wrong.into_iter().map(|error| {
                let place = field(index, &error.field);
                error.at(place)
            })),
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    match ssr::backend()?.vault.requests().answer(actor, id, answers).await {
        Ok(_) => Ok(done(id)),
        Err(error) => Err(in_its_place(error, &names)),
    }
}

#[cfg(feature = "ssr")]
fn checked(answer: SubmittedAnswer) -> Result<Answered, Vec<FieldError>> {
    let name = SecretName::from_stored(&answer.name).map_err(|error| vec![FieldError::from(error)])?;
    if answer.skip || answer.keep {
        let answer = if answer.skip { Answer::Skip } else { Answer::Keep };
        return Ok(Answered { name, answer });
    }
    // A browser posts each line break as CRLF.
    let value = answer.value.into_raw().with_lf().check().map_err(FieldError::from);
    let description = Description::parse(&answer.description).map_err(FieldError::from);
    match (value, description) {
        (Ok(value), Ok(description)) => Ok(Answered {
            name,
            answer: Answer::Save {
                value,
                description,
                replacing: Some(answer.etag).filter(|etag| !etag.is_empty()),
            },
        }),
        (value, description) => Err([value.err(), description.err()].into_iter().flatten().collect()),
    }
}

/// The vault's refusals name secrets; the form shows them at their fields.
#[cfg(feature = "ssr")]
fn in_its_place(error: Error, names: &[String]) -> Refusal {
    let place = |name: &str| {
        let index = names.iter().position(|other| other == name);
        index.map(|index| field(index, "value"))
    };
    match error {
        Error::Invalid(errors) => errors
            .into_iter()
            .map(|error| match place(&error.field) {
                Some(place) => error.at(place),
                None => error,
            })
            .collect::<Vec<_>>()
            .into(),
        Error::Taken { name } => {
            let message = format!("{name} has come to exist meanwhile. Choose whether to keep or to replace it.");
            let place = place(name.as_str()).unwrap_or_default();
            FieldError::new(place, "changed", message).into()
        }
        Error::RequestEnded(_) => FieldError::new("form", "changed", error.to_string()).into(),
        other => other.into(),
    }
}

#[cfg(feature = "ssr")]
async fn decline(actor: &Actor, id: &str) -> Outcome<()> {
    match ssr::backend()?.vault.requests().skip(actor, id).await {
        Ok(_) => Ok(done(id)),
        Err(error) => Err(in_its_place(error, &[])),
    }
}

/// What became of it stands on the request's page.
#[cfg(feature = "ssr")]
fn done(id: &str) -> Done<()> {
    Done {
        value: (),
        notice: String::new(),
        next: page_of(id),
    }
}

/// The request's page; the list of secrets, where the id is none (only a form that was tampered with).
#[cfg(feature = "ssr")]
fn page_of(id: &str) -> String {
    let plain = id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if plain && !id.is_empty() {
        format!("/r/{id}")
    } else {
        crate::next::HOME.to_owned()
    }
}
