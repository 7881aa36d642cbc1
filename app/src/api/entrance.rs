//! Coming in: signing up, signing in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;
use crate::reply::Reply;
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::{
    next::{HOME, after_sign_in, sign_in_before},
    ssr::{self, Done, Form, Outcome},
};
#[cfg(feature = "ssr")]
use domain::{FieldError, LoginName, check_password};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use vault::{Error, NewSession, SignupState};

/// What the doors look like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entrance {
    /// Whether the visitor is inside already.
    pub(crate) signed_in: bool,
    /// Who may make an account.
    pub(crate) sign_up: SignUpDoor,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SignUpDoor {
    /// Nobody has one yet: whoever knows the setup code makes the first.
    FirstRun,
    /// Anybody.
    Open,
    /// Nobody by themselves.
    Closed,
}

/// What the sign-in and sign-up pages need to know. Asks for no session: this is all that a stranger may know.
#[server(name = LookIn, prefix = "/api/ui", endpoint = "/entrance")]
pub(crate) async fn look_in() -> Result<Entrance, UiError> {
    let backend = ssr::backend()?;
    let signed_in = ssr::is_signed_in().await?;
    let state = backend
        .vault
        .accounts()
        .signup_state()
        .await
        .map_err(|error| ssr::unreadable(&error))?;
    let sign_up = match state {
        SignupState::SetupCodeNeeded => SignUpDoor::FirstRun,
        SignupState::Open => SignUpDoor::Open,
        SignupState::Closed => SignUpDoor::Closed,
    };
    Ok(Entrance { signed_in, sign_up })
}

/// Makes an account and signs in. Asks for no session; the vault decides whether sign-up is open, and for whom.
#[server(name = SignUp, prefix = "/api/ui", endpoint = "/sign-up")]
pub(crate) async fn sign_up(
    #[server(default)] login: String,
    #[server(default)] password: SubmittedValue,
    #[server(default)] setup_code: String,
) -> Result<Reply<String>, UiError> {
    let form = Form::new(SignUp::PATH, "/sign-up").signed_out().keep("login", &login);
    form.answer(make_account(&login, password, &setup_code).await)
}

#[cfg(feature = "ssr")]
async fn make_account(login: &str, password: SubmittedValue, setup_code: &str) -> Outcome<String> {
    let backend = ssr::backend()?;
    let password = password.into_raw();
    let login = LoginName::parse(login);
    let mut errors: Vec<FieldError> = login.as_ref().err().map(FieldError::login).into_iter().collect();
    // Exposed to the rule for passwords.
    let weak = check_password(password.expose(), login.as_ref().map_or("", LoginName::as_typed));
    errors.extend(weak.err().as_ref().map(FieldError::password));
    let (Ok(login), true) = (login, errors.is_empty()) else {
        return Err(errors.into());
    };
    let code = Some(setup_code.trim()).filter(|code| !code.is_empty());
    let session = backend
        .vault
        .accounts()
        .sign_up(&login, &password, code, ssr::origin())
        .await?;
    enter(&session, HOME).await
}

/// Signs in. Asks for no session; the vault throttles.
#[server(name = SignIn, prefix = "/api/ui", endpoint = "/sign-in")]
pub(crate) async fn sign_in(
    #[server(default)] login: String,
    #[server(default)] password: SubmittedValue,
    #[server(default)] next: String,
) -> Result<Reply<String>, UiError> {
    let next = after_sign_in(&next);
    let form = Form::new(SignIn::PATH, sign_in_before(next))
        .signed_out()
        .keep("login", &login);
    form.answer(open_session(&login, password, next).await)
}

#[cfg(feature = "ssr")]
async fn open_session(login: &str, password: SubmittedValue, next: &str) -> Outcome<String> {
    let backend = ssr::backend()?;
    let mut errors = Vec::new();
    if login.trim().is_empty() {
        errors.push(FieldError::new("login", "login.empty", "Type your login name."));
    }
    if password.is_empty() {
        errors.push(FieldError::new("password", "password.empty", "Type your password."));
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let session = backend
        .vault
        .accounts()
        .sign_in(login.trim(), &password.into_raw(), ssr::origin())
        .await?;
    enter(&session, next).await
}

#[cfg(feature = "ssr")]
async fn enter(session: &NewSession, next: &str) -> Outcome<String> {
    // The session that the browser had until now ends with its cookie (OWASP ASVS 5.0, 7.2.4).
    if let Some(earlier) = ssr::visitor().await? {
        match ssr::backend()?.vault.accounts().sign_out(&earlier).await {
            // It may have ended by itself meanwhile.
            Ok(()) | Err(Error::NotFound | Error::Unauthenticated(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    ssr::start_session_cookie(&session.token)?;
    Ok(Done {
        value: next.to_owned(),
        notice: String::new(),
        next: next.to_owned(),
    })
}
