//! An error that belongs to one field of a form or a request.

use serde::{Deserialize, Serialize};

use crate::{DescriptionError, LoginError, NameError, PasswordError, ScopeError, ValueError};

/// Which field, which rule, and the sentence to show under it. Carried by problem documents (RFC 9457) and by the
/// forms alike. It never holds what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field, as the request calls it: `name`, `secrets.3.value`.
    #[cfg_attr(feature = "openapi", schema(example = "name"))]
    pub field: String,
    /// The broken rule, a stable code for programs: `name.reserved`.
    #[cfg_attr(feature = "openapi", schema(example = "name.leading_digit"))]
    pub rule: String,
    /// What is wrong and what to do, for a person.
    pub message: String,
}

impl FieldError {
    /// An error of a rule that is not one of this crate's.
    pub fn new(field: impl Into<String>, rule: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule: rule.into(),
            message: message.into(),
        }
    }

    /// The field `name`.
    #[must_use]
    pub fn name(error: &NameError) -> Self {
        Self::new("name", error.rule(), error.to_string())
    }

    /// The field `value`.
    #[must_use]
    pub fn value(error: &ValueError) -> Self {
        Self::new("value", error.rule(), error.to_string())
    }

    /// The field `description`.
    #[must_use]
    pub fn description(error: &DescriptionError) -> Self {
        Self::new("description", error.rule(), error.to_string())
    }

    /// The field `login`.
    #[must_use]
    pub fn login(error: &LoginError) -> Self {
        Self::new("login", error.rule(), error.to_string())
    }

    /// The field `password`.
    #[must_use]
    pub fn password(error: &PasswordError) -> Self {
        Self::new("password", error.rule(), error.to_string())
    }

    /// The field `scopes`.
    #[must_use]
    pub fn scopes(error: &ScopeError) -> Self {
        Self::new("scopes", error.rule(), error.to_string())
    }

    /// The same error under another field: `new_password`, or one secret of a batch.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}

impl From<NameError> for FieldError {
    fn from(error: NameError) -> Self {
        Self::name(&error)
    }
}

impl From<ValueError> for FieldError {
    fn from(error: ValueError) -> Self {
        Self::value(&error)
    }
}

impl From<DescriptionError> for FieldError {
    fn from(error: DescriptionError) -> Self {
        Self::description(&error)
    }
}

impl From<LoginError> for FieldError {
    fn from(error: LoginError) -> Self {
        Self::login(&error)
    }
}

impl From<PasswordError> for FieldError {
    fn from(error: PasswordError) -> Self {
        Self::password(&error)
    }
}

impl From<ScopeError> for FieldError {
    fn from(error: ScopeError) -> Self {
        Self::scopes(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::FieldError;
    use crate::{NameError, ValueError};

    #[test]
    fn an_error_names_its_field_and_its_rule() {
        let error = FieldError::from(NameError::LeadingDigit);
        assert_eq!(
            (error.field.as_str(), error.rule.as_str()),
            ("name", "name.leading_digit")
        );
        assert!(error.message.contains("digit"));
    }

    #[test]
    fn an_error_of_a_batch_says_which_secret_it_is() {
        assert_eq!(
            FieldError::value(&ValueError::Empty).at("secrets.3.value").field,
            "secrets.3.value"
        );
    }
}
