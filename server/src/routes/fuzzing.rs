//! What bodies become before anything is done with them, for the fuzzer.

use domain::FieldError;
use serde::de::DeserializeOwned;

use super::field::answer::AnswerRequest;
use super::requests::create::CreateRequest;
use super::sandboxes::open::OpenRequest;
use super::secrets::SecretRequest;
use super::secrets::batch::BatchRequest;
use super::secrets::put_back::PutBackRequest;
use super::secrets::update::ChangeRequest;
use crate::extract::parse_json;
use crate::problem::Problem;

/// Calls that take a body.
pub const CALLS: u8 = 7;

/// Reads a body as one of the calls does. Gives the document of the refusal, if it is refused.
pub fn refusal(call: u8, body: &[u8]) -> Option<String> {
    let read = match call % CALLS {
        0 => check(body, |request: SecretRequest| request.check("").map(drop)),
        1 => check(body, |request: ChangeRequest| request.check().map(drop)),
        2 => check(body, |request: BatchRequest| request.check().map(drop)),
        3 => check(body, |_: PutBackRequest| Ok(())),
        4 => check(body, |request: OpenRequest| request.check().map(drop)),
        5 => check(body, |request: CreateRequest| request.check().map(drop)),
        _ => check(body, |request: AnswerRequest| request.check().map(drop)),
    };
    read.err().map(|problem| problem.document())
}

fn check<T: DeserializeOwned>(
    body: &[u8],
    check: impl FnOnce(T) -> Result<(), Vec<FieldError>>,
) -> Result<(), Problem> {
    check(parse_json(body)?).map_err(Problem::invalid)
}
