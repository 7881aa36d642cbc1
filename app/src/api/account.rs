//! The account of who is signed in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::reply::Reply;
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::{
    next::SIGN_IN,
    ssr::{self, Done, Form, Outcome, Refusal},
};
#[cfg(feature = "ssr")]
use domain::{FieldError, check_password};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::{Actor, Error, Role};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccountView {
    /// As its owner writes it.
    pub(crate) login: String,
    /// Whether it is the account made on the first run.
    pub(crate) owner: bool,
}

/// Who is signed in.
#[server(name = WhoAmI, prefix = "/api/ui", endpoint = "/account")]
pub(crate) async fn who_am_i() -> Result<AccountView, UiError> {
    let actor = ssr::actor().await?;
    Ok(AccountView {
        login: actor.login().as_typed().to_owned(),
        owner: actor.role() == Role::Owner,
    })
}

/// Ends this session.
#[server(name = SignOut, prefix = "/api/ui", endpoint = "/sign-out")]
pub(crate) async fn sign_out() -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(SignOut::PATH, SIGN_IN).signed_out();
    form.answer(leave(&actor).await)
}

#[cfg(feature = "ssr")]
async fn leave(actor: &Actor) -> Outcome<()> {
    ssr::backend()?.vault.accounts().sign_out(actor).await?;
    ssr::end_session_cookie()?;
    Ok(Done {
        value: (),
        notice: "You are signed out.".to_owned(),
        next: SIGN_IN.to_owned(),
    })
}

/// Changes the password, which ends every other session of the account.
#[server(name = ChangePassword, prefix = "/api/ui", endpoint = "/change-password")]
pub(crate) async fn change_password(
    #[server(default)] current_password: SubmittedValue,
    #[server(default)] new_password: SubmittedValue,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let form = Form::new(ChangePassword::PATH, "/settings");
    form.answer(replace_password(&actor, current_password, new_password).await)
}

#[cfg(feature = "ssr")]
async fn replace_password(actor: &Actor, current: SubmittedValue, new: SubmittedValue) -> Outcome<()> {
    let backend = ssr::backend()?;
    let mut errors = Vec::new();
    if current.is_empty() {
        let message = "Type the password that you have now.";
        errors.push(FieldError::new("current_password", "password.empty", message));
    }
    let (current, new) = (current.into_raw(), new.into_raw());
    // Exposed to the rule for passwords.
    let weak = check_password(new.expose(), actor.login());
    errors.extend(weak.err().map(|error| FieldError::password(&error).at("new_password")));
    if !errors.is_empty() {
        return Err(errors.into());
    }
    backend
        .vault
        .accounts()
        .change_password(actor, &current, &new)
        .await
        .map_err(in_this_form)?;
    let notice = "Your password is changed. Every other browser was signed out.";
    Ok(Done {
        value: (),
        notice: notice.to_owned(),
        next: "/settings".to_owned(),
    })
}

/// Here two fields are passwords, so each error says which it is about.
#[cfg(feature = "ssr")]
fn in_this_form(error: Error) -> Refusal {
    match error {
        Error::WrongPassword => FieldError::new(
            "current_password",
            "password.wrong",
            "That is not your password. Type it again.",
        )
        .into(),
        Error::Invalid(errors) => errors
            .into_iter()
            .map(|error| error.at("new_password"))
            .collect::<Vec<_>>()
            .into(),
        other => other.into(),
    }
}

/// Deletes the account and all that belongs to it, for good.
#[server(name = DeleteAccount, prefix = "/api/ui", endpoint = "/delete-account")]
pub(crate) async fn delete_account(#[server(default)] password: SubmittedValue) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let outcome = end_account(&actor, password).await;
    let form = Form::new(DeleteAccount::PATH, "/settings/delete-account");
    let form = if outcome.is_ok() { form.signed_out() } else { form };
    form.answer(outcome)
}

#[cfg(feature = "ssr")]
async fn end_account(actor: &Actor, password: SubmittedValue) -> Outcome<()> {
    if password.is_empty() {
        return Err(FieldError::new(
            "password",
            "password.empty",
            "Type your password to delete the account.",
        )
        .into());
    }
    ssr::backend()?
        .vault
        .accounts()
        .delete_account(actor, &password.into_raw())
        .await?;
    ssr::end_session_cookie()?;
    let notice = "Your account and everything in it is deleted.";
    Ok(Done {
        value: (),
        notice: notice.to_owned(),
        next: SIGN_IN.to_owned(),
    })
}
