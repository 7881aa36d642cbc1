//! "Is it this key?": a typed value compared with the stored one. The answer is yes or no.

use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::Reply;
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::ssr::{self, Done, Form, Outcome};
#[cfg(feature = "ssr")]
use domain::{FieldError, SecretName, Standing};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::Actor;

/// Compares. Changes nothing; the vault slows it down and records it.
#[server(name = CompareSecret, prefix = "/api/ui", endpoint = "/compare-secret")]
pub(crate) async fn compare_secret(
    #[server(default)] name: String,
    #[server(default)] value: SubmittedValue,
    #[server(default)] description: String,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(CompareSecret::PATH, super::secrets::page_of(&name, "edit"))
        // Without scripts the page is made anew, and what else was typed there stays.
        .keep("description", &description);
    form.answer(compare(&actor, &name, value).await)
}

#[cfg(feature = "ssr")]
async fn compare(actor: &Actor, name: &str, value: SubmittedValue) -> Outcome<()> {
    let name = SecretName::from_stored(name).map_err(|_| vault::Error::NotFound)?;
    if value.is_empty() {
        let message = "Paste the key that you want to compare.";
        return Err(FieldError::new("value", "value.empty", message).into());
    }
    let value = value.into_raw().with_lf().check();
    let value = value.map_err(|error| FieldError::value(&error))?;
    let next = super::secrets::page_of(name.as_str(), "edit");
    let typed = [(name, value)];
    let standings = ssr::backend()?.vault.secrets().compare(actor, &typed).await?;
    let notice = match standings.first() {
        Some(Standing::Same) => "Yes, it is the stored value.",
        Some(Standing::Different) => "No, the stored value is another one.",
        _ => return Err(vault::Error::NotFound.into()),
    };
    Ok(Done {
        value: (),
        notice: notice.to_owned(),
        next,
    })
}
