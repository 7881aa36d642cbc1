//! API tokens, which let programs act for the account.

use domain::TokenView;
use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::{NewToken, Reply};
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::ssr::{self, Done, Form, Outcome};
#[cfg(feature = "ssr")]
use domain::{FieldError, Scope, ScopeError, Scopes, SecretName, normalise};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::Actor;

#[cfg(feature = "ssr")]
const PAGE: &str = "/settings/tokens/new";

/// The account's tokens, without the tokens themselves.
#[server(name = ListTokens, prefix = "/api/ui", endpoint = "/list-tokens")]
pub(crate) async fn list_tokens() -> Result<Vec<TokenView>, UiError> {
    let actor = ssr::actor().await?;
    ssr::backend()?
        .vault
        .tokens()
        .list(&actor)
        .await
        .map_err(|error| ssr::unreadable(&error))
}

/// Makes a token. The answer holds it, this once.
///
/// A ticked box sends `true`, an unticked one nothing. `days` is how long the token works, 0 for as long as the
/// account. `names`, separated by blanks or commas, are those that its sandboxes get unless they ask for fewer; none for all
/// of the account's. The password is needed for scopes that reach or replace values.
#[server(name = CreateToken, prefix = "/api/ui", endpoint = "/create-token")]
pub(crate) async fn create_token(
    #[server(default)] label: String,
    #[server(default)] secrets_read: bool,
    #[server(default)] requests_write: bool,
    #[server(default)] secrets_write: bool,
    #[server(default)] sandboxes_write: bool,
    #[server(default)] names: String,
    #[server(default)] days: u32,
    #[server(default)] password: SubmittedValue,
) -> Result<Reply<NewToken>, UiError> {
    let actor = ssr::actor().await?;
    let ticked = [
        (Scope::SecretsRead, secrets_read),
        (Scope::RequestsWrite, requests_write),
        (Scope::SecretsWrite, secrets_write),
        (Scope::SandboxesWrite, sandboxes_write),
    ];
    let scopes: Scopes = ticked
        .into_iter()
        .filter(|(_, ticked)| *ticked)
        .map(|(scope, _)| scope)
        .collect();
    let form = Form::new(CreateToken::PATH, PAGE)
        .keep("label", &label)
        .keep("scopes", &scopes.to_string())
        .keep("names", &names)
        .keep("days", &days.to_string());
    form.answer_with_token(make(&actor, &label, scopes, &names, days, password).await)
}

#[cfg(feature = "ssr")]
async fn make(
    actor: &Actor,
    label: &str,
    scopes: Scopes,
    names: &str,
    days: u32,
    password: SubmittedValue,
) -> Outcome<NewToken> {
    let backend = ssr::backend()?;
    let label = label.trim().to_owned();
    let mut errors = Vec::new();
    // Without that scope the field is not shown, and says nothing.
    let names = if scopes.contains(Scope::SandboxesWrite) {
        names
    } else {
        ""
    };
    let names = match read_names(names) {
        Ok(names) => names,
        Err(error) => {
            errors.push(error);
            None
        }
    };
    if label.is_empty() {
        let message = "Name the token after what will use it, such as \u{201c}laptop\u{201d} or \u{201c}ci\u{201d}.";
        errors.push(FieldError::new("label", "label.empty", message));
    }
    if scopes.is_empty() {
        errors.push(FieldError::scopes(&ScopeError::Empty));
    }
    if scopes.any_powerful() && password.is_empty() {
        let message = "Type your password: this token can reach or replace values.";
        errors.push(FieldError::new("password", "password.needed", message));
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let ttl_days = Some(days).filter(|days| *days > 0);
    let password = (!password.is_empty()).then(|| password.into_raw());
    let new = vault::NewToken {
        label: label.clone(),
        scopes,
        names,
        ttl_days,
    };
    let created = backend.vault.tokens().create(actor, new, password.as_ref()).await?;
    // Exposed to its owner, this once.
    let value = NewToken {
        label,
        token: created.token.expose().to_owned(),
    };
    Ok(Done {
        value,
        notice: String::new(),
        next: PAGE.to_owned(),
    })
}

/// `None` where there is none at all, which is no limit.
#[cfg(feature = "ssr")]
fn read_names(typed: &str) -> Result<Option<Vec<SecretName>>, FieldError> {
    let words = typed
        .split(|ch: char| ch.is_whitespace() || ch == ',')
        .filter(|word| !word.is_empty());
    let names = words
        .map(|word| SecretName::parse(&normalise(word)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| FieldError::name(&error).at("names"))?;
    Ok(Some(names).filter(|names| !names.is_empty()))
}

/// Revokes a token: it stops working at once, and the sandboxes that it opened with it.
#[server(name = RevokeToken, prefix = "/api/ui", endpoint = "/revoke-token")]
pub(crate) async fn revoke_token(#[server(default)] id: String) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(RevokeToken::PATH, "/settings").of_row();
    form.answer(revoke(&actor, &id).await)
}

#[cfg(feature = "ssr")]
async fn revoke(actor: &Actor, id: &str) -> Outcome<()> {
    ssr::backend()?.vault.tokens().revoke(actor, id).await?;
    Ok(Done {
        value: (),
        notice: "The token is revoked.".to_owned(),
        next: "/settings".to_owned(),
    })
}
