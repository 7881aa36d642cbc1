//! What a model passes to a tool, read so that each mistake comes back as a sentence to act on, without what was sent.

use std::time::Duration;

use domain::text::first_hidden;
use domain::{FieldError, RequestDraft, RequestedDraft, SecretRequest};
use rmcp::model::JsonObject;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Seconds that a call waits at most. Proxies and clients commonly give up then, so a model asks again instead.
pub(super) const LONGEST_WAIT: u64 = 60;

/// The arguments of `request_secrets`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    secrets: Vec<RequestedDraft>,
    reason: Option<String>,
    ttl_seconds: Option<u64>,
    wait_seconds: Option<u64>,
}

/// The arguments of `request_status`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    id: String,
    wait_seconds: Option<u64>,
}

/// The arguments of `list_secrets`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// What is asked for, and how long the model wants to wait for it if it said so.
pub(super) fn asked(
    arguments: Option<JsonObject>,
    requested_by: Option<String>,
) -> Result<(SecretRequest, Option<Duration>), String> {
    let ask: Ask = read(arguments)?;
    let wait = ask.wait_seconds.map(wait).transpose()?;
    let draft = RequestDraft {
        secrets: ask.secrets,
        reason: ask.reason,
        requested_by,
        ttl_seconds: ask.ttl_seconds,
    };
    let asked = draft.check().map_err(|errors| sentences(&errors))?;
    Ok((asked, wait))
}

/// Which request is meant, and how long to wait.
pub(super) fn looked_for(arguments: Option<JsonObject>) -> Result<(String, Duration), String> {
    let look: Look = read(arguments)?;
    Ok((look.id, wait(look.wait_seconds.unwrap_or(0))?))
}

/// Nothing may be passed.
pub(super) fn none(arguments: Option<JsonObject>) -> Result<(), String> {
    read(arguments).map(|Nothing {}| ())
}

/// A client's name for itself as a claim that can be shown: without characters that do not show, and cut.
pub(super) fn claim(name: &str) -> Option<String> {
    let shows = |ch: &char| first_hidden(ch.encode_utf8(&mut [0; 4]), false).is_none();
    let name: String = name
        .chars()
        .filter(shows)
        .skip_while(|ch| ch.is_whitespace())
        .take(SecretRequest::MOST_REQUESTED_BY)
        .collect();
    let name = name.trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Rules that are broken, one sentence each, with the field's name before it.
pub(super) fn sentences(errors: &[FieldError]) -> String {
    let sentences: Vec<_> = errors
        .iter()
        .map(|error| format!("`{}`: {}", error.field, error.message))
        .collect();
    format!("Nobody was asked. {}", sentences.join(" "))
}

fn wait(seconds: u64) -> Result<Duration, String> {
    if seconds <= LONGEST_WAIT {
        Ok(Duration::from_secs(seconds))
    } else {
        Err(format!(
            "`wait_seconds` is a whole number of seconds from 0 to {LONGEST_WAIT}; call again to wait longer."
        ))
    }
}

fn read<T: DeserializeOwned>(arguments: Option<JsonObject>) -> Result<T, String> {
    serde_path_to_error::deserialize(Value::Object(arguments.unwrap_or_default())).map_err(|error| {
        let path = error.path().to_string();
        // A name that the model made up can be anything, a value in the wrong place included.
        let ours = path
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.[]".contains(&byte));
        let place = if ours && path != "." {
            format!(" at `{path}`")
        } else {
            String::new()
        };
        // serde quotes what was sent before the last comma; what stands behind is this program's own.
        let error = error.into_inner().to_string();
        let why = match error.rsplit_once(", expected ") {
            Some((_, wanted)) => format!("expected {wanted}"),
            None if error.starts_with("missing field") => error,
            None => "they do not fit".to_owned(),
        };
        format!("The arguments do not fit the tool's input schema{place}: {why}. No tool here takes a secret's value.")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use rmcp::object;

    use super::*;

    #[test]
    fn a_request_takes_what_the_rules_take() {
        let arguments =
            object!({"secrets": [{"name": "X_TOKEN", "obtain_url": "https://x.example/"}], "wait_seconds": 5});
        let (asked, wait) = asked(Some(arguments), Some("client".to_owned())).unwrap();
        assert_eq!(asked.secrets.len(), 1);
        assert_eq!(asked.requested_by.as_deref(), Some("client"));
        assert_eq!(wait, Some(Duration::from_secs(5)));
    }

    #[test]
    fn what_breaks_a_rule_comes_back_in_words_that_name_the_field() {
        let arguments = object!({"secrets": [{"name": "PATH"}, {"name": "2FA"}]});
        let said = asked(Some(arguments), None).unwrap_err();
        assert!(
            said.contains("`secrets.0.name`") && said.contains("`secrets.1.name`"),
            "{said}"
        );
        assert!(
            asked(Some(object!({"secrets": []})), None)
                .unwrap_err()
                .contains("`secrets`")
        );
    }

    #[test]
    fn what_does_not_fit_is_told_without_what_was_sent() {
        for (arguments, told) in [
            (object!({}), "missing field `secrets`"),
            (object!({"secrets": "canary"}), "at `secrets`: expected a sequence"),
            (
                object!({"secrets": [{"name": "A", "value": "canary"}]}),
                "expected one of `name`",
            ),
            (
                object!({"secrets": [{"name": "A", "sk-Canary": "canary"}]}),
                "expected one of `name`",
            ),
            (
                object!({"secrets": [{"name": "A"}], "wait_seconds": 61}),
                "from 0 to 60",
            ),
            (
                object!({"secrets": [{"name": "A"}], "wait_seconds": "canary"}),
                "at `wait_seconds`: expected u64",
            ),
        ] {
            let said = asked(Some(arguments), None).unwrap_err();
            assert!(said.contains(told), "{said}");
            assert!(!said.to_lowercase().contains("canary"), "{said}");
        }
        assert!(looked_for(None).unwrap_err().contains("missing field `id`"));
        assert!(none(Some(object!({"all": true}))).is_err());
        assert!(none(None).is_ok());
    }

    #[test]
    fn a_clients_name_is_shown_as_far_as_it_shows() {
        assert_eq!(claim("claude-code").as_deref(), Some("claude-code"));
        assert_eq!(claim(" pay\u{202E}lap\n\u{200B} ").as_deref(), Some("paylap"));
        assert_eq!(claim("\u{FEFF} \t"), None);
        let long = claim(&"é".repeat(300)).unwrap();
        assert_eq!(long.chars().count(), SecretRequest::MOST_REQUESTED_BY);
        let draft = RequestDraft {
            secrets: vec![RequestedDraft {
                name: "A".to_owned(),
                ..Default::default()
            }],
            requested_by: Some(long),
            ..Default::default()
        };
        assert!(draft.check().is_ok());
    }
}
