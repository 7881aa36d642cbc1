//! What the OpenAPI document says of the types that are not what they look like in Rust.
#![cfg(feature = "openapi")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::{Description, EnvFormat, LoginName, RawValue, Scopes, SecretName, Timestamp};
use serde_json::{Value, json};
use utoipa::PartialSchema;

fn schema<T: PartialSchema>(of: &str) -> Value {
    serde_json::to_value(T::schema())
        .unwrap()
        .get(of)
        .cloned()
        .unwrap_or_default()
}

#[test]
fn a_name_is_a_string_with_its_rule() {
    assert_eq!(schema::<SecretName>("type"), "string");
    assert_eq!(schema::<SecretName>("pattern"), "^[A-Z_][A-Z0-9_]*$");
    assert_eq!(schema::<SecretName>("maxLength"), SecretName::MAX_LEN);
    assert_eq!(schema::<Description>("maxLength"), Description::MAX_CHARS);
    assert_eq!(schema::<LoginName>("maxLength"), LoginName::MAX_CHARS);
}

#[test]
fn a_value_is_a_string_that_tools_hide() {
    assert_eq!(schema::<RawValue>("type"), "string");
    assert_eq!(schema::<RawValue>("format"), "password");
}

#[test]
fn a_time_is_an_integer_and_scopes_are_an_array() {
    assert_eq!(schema::<Timestamp>("type"), "integer");
    assert_eq!(schema::<Scopes>("type"), "array");
    assert_eq!(
        schema::<EnvFormat>("enum"),
        json!(["json", "dotenv", "shell", "docker"])
    );
}
