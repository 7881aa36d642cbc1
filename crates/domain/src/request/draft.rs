//! What is asked for, before and after the rules.

use serde::{Deserialize, Serialize};

use super::ObtainUrl;
use crate::name::stored;
use crate::text::first_hidden;
use crate::{Description, FieldError, SecretName};

/// A request as somebody sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestDraft {
    /// One to ten secrets.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10))]
    pub secrets: Vec<RequestedDraft>,
    /// Why now: at most 500 characters, shown to the person.
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 500, example = "To search for mentions of your product.")
    )]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who says that they ask: at most 100 characters, shown as a claim.
    #[cfg_attr(feature = "openapi", schema(max_length = 100, example = "Research agent"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// How long it can be answered: 30 to 3600 seconds, 900 if left out.
    #[cfg_attr(feature = "openapi", schema(minimum = 30, maximum = 3600, example = 900))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<u64>,
}

/// One secret that is asked for, as somebody sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestedDraft {
    /// The environment variable.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 128,
            pattern = "^[A-Z_][A-Z0-9_]*$",
            example = "X_BEARER_TOKEN"
        )
    )]
    pub name: String,
    /// What it is for; becomes the secret's description unless the person changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub description: Option<String>,
    /// Where it can be had: an https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub obtain_url: Option<String>,
}

/// A request that passed the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRequest {
    /// Each name once, in the order that they were asked for.
    pub secrets: Vec<RequestedSecret>,
    /// Why now.
    pub reason: Option<String>,
    /// Who says that they ask.
    pub requested_by: Option<String>,
    /// Seconds until it lapses.
    pub ttl_seconds: u64,
}

/// One secret that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedSecret {
    /// The environment variable.
    #[serde(deserialize_with = "stored")]
    pub name: SecretName,
    /// What it is for; empty if nobody said.
    pub description: Description,
    /// Where it can be had.
    pub obtain_url: Option<ObtainUrl>,
}

impl SecretRequest {
    /// Secrets in one request.
    pub const MOST_SECRETS: usize = 10;
    /// Characters of the reason.
    pub const MOST_REASON: usize = 500;
    /// Characters of who says that they ask.
    pub const MOST_REQUESTED_BY: usize = 100;
    /// Seconds that a request can live.
    pub const TTL: std::ops::RangeInclusive<u64> = 30..=3600;
    /// Seconds that it lives unless said.
    pub const DEFAULT_TTL: u64 = 900;

    /// One for these names and nothing more, as a sandbox asks that needs them. More than
    /// [`MOST_SECRETS`](Self::MOST_SECRETS) are cut: the rest are asked for once these are there.
    #[must_use]
    pub fn of_names<'n>(names: impl IntoIterator<Item = &'n SecretName>) -> Self {
        let bare = |name: &SecretName| RequestedSecret {
            name: name.clone(),
            description: Description::default(),
            obtain_url: None,
        };
        Self {
            secrets: names.into_iter().take(Self::MOST_SECRETS).map(bare).collect(),
            reason: None,
            requested_by: None,
            ttl_seconds: Self::DEFAULT_TTL,
        }
    }
}

impl RequestDraft {
    /// Applies the rules, all of them at once.
    ///
    /// # Errors
    /// What is wrong, field by field.
    pub fn check(self) -> Result<SecretRequest, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.secrets.is_empty() {
            let message = "Name at least one secret to ask for.";
            errors.push(FieldError::new("secrets", "request.empty", message));
        }
        if self.secrets.len() > SecretRequest::MOST_SECRETS {
            let message = format!(
                "A request asks for at most {} secrets. Ask for the most urgent ones first.",
                SecretRequest::MOST_SECRETS
            );
            return Err(vec![FieldError::new("secrets", "request.too_many", message)]);
        }
        let mut secrets: Vec<RequestedSecret> = Vec::with_capacity(self.secrets.len());
        for (index, draft) in self.secrets.into_iter().enumerate() {
            match draft.check() {
                Ok(secret) if secrets.iter().any(|earlier| earlier.name == secret.name) => {
                    let message = format!("{} is asked for twice. Ask for each name once.", secret.name);
                    errors.push(FieldError::new(
                        format!("secrets.{index}.name"),
                        "request.duplicate",
                        message,
                    ));
                }
                Ok(secret) => secrets.push(secret),
                Err(wrong) => errors.extend(wrong.into_iter().map(|error| {
                    let field = format!("secrets.{index}.{}", error.field);
                    error.at(field)
                })),
            }
        }
        let reason = shown("reason", self.reason, SecretRequest::MOST_REASON, true, &mut errors);
        let most = SecretRequest::MOST_REQUESTED_BY;
        let requested_by = shown("requested_by", self.requested_by, most, false, &mut errors);
        let ttl_seconds = self.ttl_seconds.unwrap_or(SecretRequest::DEFAULT_TTL);
        if !SecretRequest::TTL.contains(&ttl_seconds) {
            let (least, most) = (SecretRequest::TTL.start(), SecretRequest::TTL.end());
            let message = format!("A request lives {least} to {most} seconds.");
            errors.push(FieldError::new("ttl_seconds", "request.ttl", message));
        }
        if errors.is_empty() {
            Ok(SecretRequest {
                secrets,
                reason,
                requested_by,
                ttl_seconds,
            })
        } else {
            Err(errors)
        }
    }
}

impl RequestedDraft {
    fn check(self) -> Result<RequestedSecret, Vec<FieldError>> {
        let name = SecretName::parse(&self.name).map_err(FieldError::from);
        let description = Description::parse(&self.description.unwrap_or_default()).map_err(FieldError::from);
        let obtain_url = self
            .obtain_url
            .map(|url| ObtainUrl::parse(&url))
            .transpose()
            .map_err(|error| FieldError::new("obtain_url", error.rule(), error.to_string()));
        match (name, description, obtain_url) {
            (Ok(name), Ok(description), Ok(obtain_url)) => Ok(RequestedSecret {
                name,
                description,
                obtain_url,
            }),
            (name, description, obtain_url) => Err([name.err(), description.err(), obtain_url.err()]
                .into_iter()
                .flatten()
                .collect()),
        }
    }
}

/// A text that a person will read: of a length, and of characters that show. Blank is none.
fn shown(
    field: &'static str,
    text: Option<String>,
    most: usize,
    several_lines: bool,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let text = text?;
    let text = text.trim();
    let length = text.chars().count();
    if length > most {
        let message = format!("This text has {length} characters, and {most} is the most. Shorten it.");
        errors.push(FieldError::new(field, format!("{field}.too_long"), message));
    } else if let Some((at, ch)) = first_hidden(text, several_lines) {
        let code = u32::from(ch);
        let message = format!("The character at position {at} (U+{code:04X}) does not show. Leave it out.");
        errors.push(FieldError::new(field, format!("{field}.character"), message));
    }
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}
