//! What a server function answers when there is nothing to say about a field.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a server function gave no answer.
///
/// Without scripts the framework may put an error into a URL, so no variant carries text: nothing that was typed can
/// get there, and nobody can make a link that puts words of their own on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum UiError {
    /// No session, or one that has ended.
    #[error("You are signed out. Sign in again to go on.")]
    SignedOut,
    /// The request did not reach the server.
    #[error("The server could not be reached. Check your connection, then try again.")]
    Offline,
    /// The server could not read what the form sent.
    #[error("The server could not read this form. Reload the page, then try again.")]
    Malformed,
    /// The server failed, or something before it answered in its place.
    #[error("The server could not do this, and nothing was changed. Try again in a moment.")]
    Unavailable,
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        // The texts are dropped on purpose: a parser's message can quote what it could not parse.
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Serialization(_) => {
                Self::Malformed
            }
            _ => Self::Unavailable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_that_quotes_its_input_is_not_repeated() {
        let error = UiError::from_server_fn_error(ServerFnErrorErr::Args("invalid value: \"hunter2\"".to_owned()));
        assert_eq!(error, UiError::Malformed);
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}
