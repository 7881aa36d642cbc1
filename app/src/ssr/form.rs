//! Answering a form, with scripts and without.
//!
//! With scripts the answer is the [`Reply`], and the page stays where it is. Without, the browser wants a page: what
//! there is to say is remembered for it, and it is sent to an explicit path, never to wherever it came from.

use domain::FieldError;

use super::request::{is_plain_form, parts, remember, see_other};
use super::words::Refusal;
use crate::error::UiError;
use crate::flash::Remembered;
use crate::reply::{NewToken, Reply};

/// What a form's work comes to.
pub(crate) type Outcome<T> = Result<Done<T>, Refusal>;

/// It was done.
pub(crate) struct Done<T> {
    /// What the page needs to go on, with scripts.
    pub(crate) value: T,
    /// What happened, in a sentence for the reader. Empty where the next page says enough.
    pub(crate) notice: String,
    /// Where a browser without scripts goes.
    pub(crate) next: String,
}

/// One submitted form.
pub(crate) struct Form {
    remembered: Remembered,
    back: String,
    signed_in: bool,
    of_row: bool,
}

impl Form {
    /// The form of the server function at `path`, which stands on the page `back`.
    pub(crate) fn new(path: &str, back: impl Into<String>) -> Self {
        let remembered = Remembered {
            form: path.to_owned(),
            ..Remembered::default()
        };
        Self {
            remembered,
            back: back.into(),
            signed_in: true,
            of_row: false,
        }
    }

    /// The same, of a page for those who are signed out (or will be, when this is done).
    pub(crate) fn signed_out(self) -> Self {
        Self {
            signed_in: false,
            ..self
        }
    }

    /// The same, of a row's button: a refusal is shown as a notice, since it would not be seen inside the closed row.
    pub(crate) fn of_row(self) -> Self {
        Self { of_row: true, ..self }
    }

    /// Shows `text` in that field again, should the form be refused. Not for values, not for passwords.
    pub(crate) fn keep(mut self, field: &str, text: &str) -> Self {
        self.remembered.kept.push((field.to_owned(), text.to_owned()));
        self
    }

    /// Answers.
    pub(crate) fn answer<T>(self, outcome: Outcome<T>) -> Result<Reply<T>, UiError> {
        let plain = is_plain_form(&parts()?);
        match outcome {
            Ok(done) if plain => self.go_on(&done.next, done.notice, None),
            Ok(done) => Ok(Reply::Done {
                notice: done.notice,
                value: done.value,
            }),
            Err(refusal) => self.refuse(plain, refusal.into_errors()),
        }
    }

    /// Answers with a token, which is shown this once: in the reply, or on the page that the form stands on.
    pub(crate) fn answer_with_token(self, outcome: Outcome<NewToken>) -> Result<Reply<NewToken>, UiError> {
        match outcome {
            Ok(done) if is_plain_form(&parts()?) => self.go_on(&done.next, done.notice, Some(done.value)),
            outcome => self.answer(outcome),
        }
    }

    fn go_on<T>(self, next: &str, notice: String, token: Option<NewToken>) -> Result<Reply<T>, UiError> {
        if !notice.is_empty() || token.is_some() {
            let kept = if next == self.back {
                self.remembered.kept
            } else {
                Vec::new()
            };
            let message = Remembered {
                form: self.remembered.form,
                kept,
                notice: Some(notice),
                token,
                ..Remembered::default()
            };
            remember(path_of(next), self.signed_in, message)?;
        }
        see_other(next);
        Ok(Reply::Elsewhere)
    }

    fn refuse<T>(self, plain: bool, errors: Vec<FieldError>) -> Result<Reply<T>, UiError> {
        if !plain {
            return Ok(Reply::Refused(errors));
        }
        let message = if self.of_row {
            let notice = errors.into_iter().next().map(|error| error.message);
            Remembered {
                notice,
                ..Remembered::default()
            }
        } else {
            Remembered {
                errors,
                ..self.remembered
            }
        };
        remember(path_of(&self.back), self.signed_in, message)?;
        see_other(&self.back);
        Ok(Reply::Elsewhere)
    }
}

fn path_of(address: &str) -> &str {
    address.split_once('?').map_or(address, |(path, _)| path)
}
