//! The tools as a client lists them: what each is for, in words that a model goes by, and the shapes of what it takes and
//! gives. No shape has room for a value.

use std::sync::{Arc, LazyLock};

use domain::{Description, ObtainUrl, SecretRequest};
use rmcp::model::{JsonObject, Tool, ToolAnnotations, object};
use serde_json::{Value, json};

use super::arguments::LONGEST_WAIT;

pub(super) const LIST_SECRETS: &str = "list_secrets";
pub(super) const REQUEST_SECRETS: &str = "request_secrets";
pub(super) const REQUEST_STATUS: &str = "request_status";

/// For the model, once for all tools.
pub(super) const INSTRUCTIONS: &str = "Strongroom keeps this person's API keys, tokens and passwords. Code that runs in their \
    sandbox finds each as an environment variable of the secret's name; you never see a value. When code needs a credential, \
    look for it with list_secrets; if it is not there, ask for it with request_secrets. Never ask for a credential in the \
    chat, and never pass one on: if the person pastes one, tell them to store it in Strongroom and to replace it where it \
    was issued.";

/// All of them.
pub(super) static TOOLS: LazyLock<Vec<Tool>> =
    LazyLock::new(|| vec![list_secrets(), request_secrets(), request_status()]);

fn list_secrets() -> Tool {
    tool(
        LIST_SECRETS,
        "List secrets",
        "Lists the secrets that the person has stored: name (the environment variable), description and dates. Never a value.",
        json!({"type": "object", "properties": {}, "additionalProperties": false}),
        json!({
            "type": "object",
            "properties": {
                "secrets": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": {"type": "string", "description": "The environment variable."},
                            "description": {"type": "string", "description": "What it is for, in its owner's words."},
                            "created_at": {"type": "string", "format": "date-time"},
                            "changed_at": {
                                "type": "string",
                                "format": "date-time",
                                "description": "When its value last changed."
                            }
                        },
                        "required": ["name", "description", "created_at", "changed_at"]
                    }
                }
            },
            "required": ["secrets"]
        }),
    )
    .with_annotations(ToolAnnotations::with_title("List secrets").read_only(true).open_world(false))
}

fn request_secrets() -> Tool {
    tool(
        REQUEST_SECRETS,
        "Request secrets",
        "Asks the person for secrets that are missing. They type them into Strongroom's own page, or skip; you learn what \
         became of each name and never see a value. If the answer has status `pending` and a link, show the person the link \
         and call request_status.",
        json!({
            "type": "object",
            "properties": {
                "secrets": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": SecretRequest::MOST_SECRETS,
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": {
                                "type": "string",
                                "pattern": "^[A-Z_][A-Z0-9_]*$",
                                "maxLength": 128,
                                "description": "The environment variable, such as X_BEARER_TOKEN."
                            },
                            "description": {
                                "type": "string",
                                "maxLength": Description::MAX_CHARS,
                                "description": "What it is for; stored beside it."
                            },
                            "obtain_url": {
                                "type": "string",
                                "maxLength": ObtainUrl::MAX_BYTES,
                                "description": "Where the person can get one: an https:// address."
                            }
                        },
                        "required": ["name"],
                        "additionalProperties": false
                    }
                },
                "reason": {
                    "type": "string",
                    "maxLength": SecretRequest::MOST_REASON,
                    "description": "Why now, in a sentence that the person reads."
                },
                "ttl_seconds": {
                    "type": "integer",
                    "minimum": SecretRequest::TTL.start(),
                    "maximum": SecretRequest::TTL.end(),
                    "default": SecretRequest::DEFAULT_TTL,
                    "description": "How long it can be answered."
                },
                "wait_seconds": wait("How long to wait for the answer once your client has shown the link. A client that \
                                      cannot show it gets the link at once.")
            },
            "required": ["secrets"],
            "additionalProperties": false
        }),
        report(),
    )
    .with_annotations(
        ToolAnnotations::with_title("Request secrets")
            .read_only(false)
            .destructive(false)
            .idempotent(false)
            .open_world(false),
    )
}

fn request_status() -> Tool {
    tool(
        REQUEST_STATUS,
        "Request status",
        "Tells how a request of request_secrets stands and what became of each name. With wait_seconds the answer is held \
         until the person has answered, or the time is over; ask again for longer.",
        json!({
            "type": "object",
            "properties": {
                "id": {"type": "string", "description": "The id that request_secrets gave."},
                "wait_seconds": wait("How long to wait while it is pending. 0 unless said.")
            },
            "required": ["id"],
            "additionalProperties": false
        }),
        report(),
    )
    .with_annotations(ToolAnnotations::with_title("Request status").read_only(true).open_world(false))
}

fn wait(description: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "description": description})
}

/// How a request stands.
fn report() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "status": {"enum": ["pending", "stored", "skipped", "expired", "cancelled"]},
            "url": {"type": "string", "description": "Where the person answers, while it is pending."},
            "secrets": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "outcome": {
                            "enum": ["stored", "kept", "skipped"],
                            "description": "Once the request is answered."
                        }
                    },
                    "required": ["name"]
                }
            },
            "expires_at": {"type": "string", "format": "date-time"},
            "message": {"type": "string", "description": "How it stands and what to do next, in words."}
        },
        "required": ["id", "status", "secrets", "expires_at", "message"]
    })
}

fn tool(name: &'static str, title: &str, description: &'static str, takes: Value, gives: Value) -> Tool {
    Tool::new(name, description, schema(takes))
        .with_title(title)
        .with_raw_output_schema(schema(gives))
}

fn schema(value: Value) -> Arc<JsonObject> {
    Arc::new(object(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_says_what_it_takes_and_gives_and_refuses_what_it_does_not_know() {
        for tool in TOOLS.iter() {
            assert_eq!(
                tool.input_schema.get("additionalProperties"),
                Some(&json!(false)),
                "{}",
                tool.name
            );
            assert!(tool.output_schema.is_some(), "{}", tool.name);
            assert!(
                tool.description.as_ref().is_some_and(|words| words.ends_with('.')),
                "{}",
                tool.name
            );
        }
    }

    #[test]
    fn no_tool_takes_or_gives_a_value() {
        for tool in TOOLS.iter() {
            for shape in [Some(&tool.input_schema), tool.output_schema.as_ref()]
                .into_iter()
                .flatten()
            {
                assert!(
                    !names(&Value::Object((**shape).clone())).contains(&"value".to_owned()),
                    "{}",
                    tool.name
                );
            }
        }
    }

    /// The names of all fields, at any depth.
    fn names(shape: &Value) -> Vec<String> {
        match shape {
            Value::Object(fields) => fields
                .iter()
                .flat_map(|(name, inner)| [vec![name.clone()], names(inner)].concat())
                .collect(),
            Value::Array(items) => items.iter().flat_map(names).collect(),
            _ => Vec::new(),
        }
    }
}
