//! Deleting a secret.

use domain::{SandboxView, SecretName, SecretView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::beneath::Beneath;
use crate::api::sandboxes::{ListSandboxes, list_sandboxes};
use crate::api::secrets::DeleteSecret;
use crate::components::dialog::{Cancel, Dialog};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::next::HOME;
use crate::source::Source;

#[component]
pub(crate) fn DeleteSecretDialog() -> impl IntoView {
    view! {
        <Title text="Delete a secret · Strongroom" />
        <Dialog title="Delete secret" back=HOME>
            {Beneath::new().with_secret(|secret| view! { <DeleteForm secret /> }.erased())}
        </Dialog>
    }
    .erased()
}

#[component]
fn DeleteForm(secret: SecretView) -> impl IntoView {
    let beneath = Beneath::new();
    let finish = beneath.finish();
    let state = FormState::new::<DeleteSecret, _>(move |()| finish());
    beneath.refresh_if_outdated(state);
    let sandboxes = Source::new(ListSandboxes::PATH, list_sandboxes);
    let name = secret.name.clone();
    let live = loaded("", move || {
        let name = name.clone();
        async move {
            // Where the list fails, the general sentence has to do.
            let reached = sandboxes.read().await.map(|all| reach(&all, &name)).unwrap_or_default();
            reached.map(|sentence| view! { <li>{sentence}</li> }).erased()
        }
    });
    let name = secret.name.to_string();
    view! {
        <p>"Delete " <code>{name.clone()}</code> " and its value for good?"</p>
        <ul class="consequences">
            <li>"Every chat, agent and program that counts on it goes without it from its next fetch on."</li>
            {live}
            <li>"It is not revoked at the service it belongs to. Do that there, if the key may have leaked."</li>
        </ul>
        <UiForm state class="form">
            <input type="hidden" name="name" value=name.clone() />
            <div class="dialog__foot">
                <Cancel back=HOME />
                <Submit
                    state
                    label=format!("Delete {name}")
                    waiting="Deleting…"
                    class="button button--danger"
                />
            </div>
        </UiForm>
    }
    .erased()
}

/// Which live sandboxes can get the secret, in a sentence.
fn reach(sandboxes: &[SandboxView], name: &SecretName) -> Option<String> {
    let can_get = |sandbox: &&SandboxView| sandbox.names.as_ref().is_none_or(|names| names.contains(name));
    let names: Vec<&str> = sandboxes
        .iter()
        .filter(can_get)
        .map(|sandbox| sandbox.label.as_deref().unwrap_or("one without a name"))
        .collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!(
            "One live sandbox can get it now: {one}. What it has fetched stays in its memory until it ends."
        )),
        many => Some(format!(
            "{} live sandboxes can get it now: {}. What they have fetched stays in their memory until they end.",
            many.len(),
            many.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use domain::Timestamp;

    use super::*;

    fn sandbox(label: &str, names: Option<&[&str]>) -> SandboxView {
        SandboxView {
            id: label.to_owned(),
            label: Some(label.to_owned()),
            names: names.map(|names| names.iter().map(|name| SecretName::parse(name).unwrap()).collect()),
            created_at: Timestamp(0),
            expires_at: Timestamp(0),
            last_fetch_at: None,
            opened_by: "you".to_owned(),
        }
    }

    #[test]
    fn only_sandboxes_that_can_get_the_secret_are_named() {
        let name = SecretName::parse("A_KEY").unwrap();
        let all = [
            sandbox("all", None),
            sandbox("same", Some(&["A_KEY"])),
            sandbox("other", Some(&["B_KEY"])),
        ];
        let sentence = reach(&all, &name).unwrap();
        assert!(
            sentence.starts_with("2 live sandboxes") && sentence.contains("all, same."),
            "{sentence}"
        );
    }

    #[test]
    fn without_any_there_is_nothing_to_say() {
        assert_eq!(
            reach(&[sandbox("other", Some(&[]))], &SecretName::parse("A_KEY").unwrap()),
            None
        );
    }
}
