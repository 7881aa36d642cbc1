//! Secrets: their metadata goes both ways, their values only in.

use domain::{Description, FieldError, RawValue, SecretName, SecretValue};
use serde::Deserialize;
use utoipa::ToSchema;
use vault::NewSecret;

pub(super) mod batch;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod forget;
pub(super) mod get;
pub(super) mod history;
pub(super) mod list;
pub(super) mod put_back;
pub(super) mod update;

/// The longest body with one value: 64 KiB, each byte of which JSON may write as six (`\u0001`), and room for the rest.
const ONE_SECRET: usize = 512 * 1024;
/// The longest body with many: an environment of 1 MiB, each byte of which JSON may write as six, and room for the rest.
const MANY_SECRETS: usize = 8 * 1024 * 1024;

/// A secret to store.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct SecretRequest {
    /// The environment variable: `^[A-Z_][A-Z0-9_]*$`, at most 128 characters, not a reserved name.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = "^[A-Z_][A-Z0-9_]*$",
        example = "X_BEARER_TOKEN"
    )]
    name: String,
    /// 1 byte to 64 KiB of UTF-8 without NUL; kept byte for byte.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 65_536)]
    value: RawValue,
    /// What it is for, in words that an agent can use; at most 500 characters.
    #[schema(max_length = 500, example = "Read access to the X API")]
    description: Option<String>,
}

impl SecretRequest {
    /// Checks all fields, so that the answer names everything that is wrong at once. `within` is put before the fields'
    /// names: `secrets.3.`
    pub(in crate::routes) fn check(self, within: &str) -> Result<NewSecret, Vec<FieldError>> {
        let name = SecretName::parse(&self.name).map_err(FieldError::from);
        let value = self.value.check().map_err(FieldError::from);
        let description = description(self.description);
        match (name, value, description) {
            (Ok(name), Ok(value), Ok(description)) => Ok(NewSecret {
                name,
                value,
                description: description.unwrap_or_default(),
            }),
            (name, value, description) => {
                let errors = [name.err(), value.err(), description.err()].into_iter().flatten();
                Err(errors.map(|error| within_field(within, error)).collect())
            }
        }
    }
}

fn within_field(within: &str, error: FieldError) -> FieldError {
    let field = format!("{within}{}", error.field);
    error.at(field)
}

fn value(raw: Option<RawValue>) -> Result<Option<SecretValue>, FieldError> {
    raw.map(|raw| raw.check().map_err(FieldError::from)).transpose()
}

fn description(text: Option<String>) -> Result<Option<Description>, FieldError> {
    text.map(|text| Description::parse(&text).map_err(FieldError::from))
        .transpose()
}
