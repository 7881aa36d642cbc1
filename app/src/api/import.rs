//! Importing a `.env` file: what it would change, and doing it.

use domain::{SecretName, Standing};
use leptos::prelude::*;

use crate::error::UiError;
use crate::reply::Reply;
use crate::submitted::SubmittedValue;

#[cfg(feature = "ssr")]
use crate::{
    next::HOME,
    ssr::{self, Done, Form, Outcome, Refusal},
};
#[cfg(feature = "ssr")]
use domain::{Description, FieldError, SecretValue, read_import};
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;
#[cfg(feature = "ssr")]
use std::collections::HashSet;
#[cfg(feature = "ssr")]
use vault::{Actor, NewSecret, Replacing};

#[cfg(feature = "ssr")]
const PAGE: &str = "/secrets/import";
/// Lines that one answer complains about; who mends these sees the next.
#[cfg(feature = "ssr")]
const MOST_COMPLAINTS: usize = 20;

/// How the secrets of a file stand to those that are stored. Saves nothing; the vault slows it down and records it.
#[server(name = PreviewImport, prefix = "/api/ui", endpoint = "/preview-import")]
pub(crate) async fn preview_import(
    #[server(default)] file: SubmittedValue,
) -> Result<Reply<Vec<(SecretName, Standing)>>, UiError> {
    let actor = ssr::actor().await?;
    Form::new(PreviewImport::PATH, PAGE).answer(standings(&actor, file).await)
}

#[cfg(feature = "ssr")]
async fn standings(actor: &Actor, file: SubmittedValue) -> Outcome<Vec<(SecretName, Standing)>> {
    // Exposed to be read as a file, as the page that sent it does.
    let lines = read_import(file.into_raw().expose());
    let typed: Vec<(SecretName, SecretValue)> = lines.into_iter().filter_map(|line| line.becomes.ok()).collect();
    let standings = ssr::backend()?.vault.secrets().compare(actor, &typed).await?;
    let names = typed.into_iter().map(|(name, _)| name);
    Ok(Done {
        value: names.zip(standings).collect(),
        notice: String::new(),
        next: PAGE.to_owned(),
    })
}

/// Stores the secrets of a file: all that were chosen, or none.
///
/// With scripts the preview has `decided`: `skip` names what is left out, `replace` what may be replaced, each separated by
/// blanks, and whatever else the file holds has to be new. Without, `existing` says for all at once whether names that exist
/// are `replace`d or left as they are, and a line that cannot be stored refuses the whole file unless `leave_out` is ticked.
#[server(name = ImportSecrets, prefix = "/api/ui", endpoint = "/import-secrets")]
pub(crate) async fn import_secrets(
    #[server(default)] file: SubmittedValue,
    #[server(default)] decided: bool,
    #[server(default)] skip: String,
    #[server(default)] replace: String,
    #[server(default)] existing: String,
    #[server(default)] leave_out: bool,
) -> Result<Reply<()>, UiError> {
    let actor = ssr::actor().await?;
    let choice = if decided {
        Choice {
            skip: names(&skip),
            replacing: Replacing::These(names(&replace)),
            leave_out: true,
        }
    } else {
        Choice {
            skip: HashSet::new(),
            replacing: if existing == "replace" {
                Replacing::Anything
            } else {
                Replacing::Nothing
            },
            leave_out,
        }
    };
    let form = Form::new(ImportSecrets::PATH, PAGE)
        .keep("existing", &existing)
        .keep("leave_out", if leave_out { "true" } else { "" });
    form.answer(store(&actor, file, choice, !decided).await)
}

#[cfg(feature = "ssr")]
struct Choice {
    skip: HashSet<SecretName>,
    replacing: Replacing,
    leave_out: bool,
}

#[cfg(feature = "ssr")]
async fn store(actor: &Actor, file: SubmittedValue, mut choice: Choice, keep_existing: bool) -> Outcome<()> {
    let backend = ssr::backend()?;
    if keep_existing && choice.replacing == Replacing::Nothing {
        let listed = backend.vault.secrets().list(actor).await?;
        choice.skip.extend(listed.into_iter().map(|secret| secret.name));
    }
    let (batch, left) = read(file, &choice)?;
    let count = batch.len();
    if count == 0 {
        return Err(nothing_to_import(left).into());
    }
    let stored = backend
        .vault
        .secrets()
        .put_batch(actor, batch, &choice.replacing)
        .await?;
    let mut notice = format!("Imported: {} new, {} replaced", stored.created, stored.replaced);
    if left > 0 {
        notice.push_str(&format!(", {left} left as they are"));
    }
    notice.push('.');
    Ok(Done {
        value: (),
        notice,
        next: HOME.to_owned(),
    })
}

/// What is to be stored, and how many of the file's secrets are not.
#[cfg(feature = "ssr")]
fn read(file: SubmittedValue, choice: &Choice) -> Result<(Vec<NewSecret>, usize), Refusal> {
    let (mut batch, mut complaints, mut left) = (Vec::new(), Vec::new(), 0);
    // Exposed to be read as a file. A browser's line breaks are CRLF here, which the reader takes as LF.
    for line in read_import(file.into_raw().expose()) {
        match line.becomes {
            Ok((name, _)) if choice.skip.contains(&name) => left += 1,
            Ok((name, value)) => batch.push(NewSecret {
                name,
                value,
                description: Description::default(),
            }),
            Err(_) if choice.leave_out => {}
            Err(message) => complaints.push(FieldError::new(
                "file",
                "import.line",
                format!("Line {}: {message}", line.line),
            )),
        }
    }
    if complaints.is_empty() {
        return Ok((batch, left));
    }
    let more = complaints.len().saturating_sub(MOST_COMPLAINTS);
    complaints.truncate(MOST_COMPLAINTS);
    if more > 0 {
        let message = format!("{more} more lines cannot be stored.");
        complaints.push(FieldError::new("file", "import.more", message));
    }
    Err(complaints.into())
}

#[cfg(feature = "ssr")]
fn nothing_to_import(left: usize) -> FieldError {
    let message = if left > 0 {
        "There is nothing to import: every name of the file is left as it is."
    } else {
        "There is no NAME=value line to import. Paste the content of a .env file."
    };
    FieldError::new("file", "import.empty", message)
}

#[cfg(feature = "ssr")]
fn names(separated: &str) -> HashSet<SecretName> {
    separated
        .split_whitespace()
        .filter_map(|name| SecretName::parse(name).ok())
        .collect()
}
