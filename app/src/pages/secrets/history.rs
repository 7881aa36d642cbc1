//! The values that a secret has had: when each was stored and by whom. None is shown.

use domain::{SecretView, VersionView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;

use super::beneath::Beneath;
use crate::api::history::{ForgetHistory, ListVersions, PutBack, list_versions};
use crate::components::dialog::{Cancel, Dialog};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::components::row::{Confirm, Row};
use crate::components::time::Time;
use crate::erase::{Erase, Erased};
use crate::next::HOME;
use crate::source::Source;

#[component]
pub(crate) fn HistoryDialog() -> impl IntoView {
    view! {
        <Title text="Earlier values · Strongroom" />
        <Dialog title="Earlier values" back=HOME>
            {Beneath::new().with_secret(|secret| view! { <History secret /> }.erased())}
        </Dialog>
    }
    .erased()
}

#[component]
fn History(secret: SecretView) -> impl IntoView {
    let name = secret.name.to_string();
    let asked = name.clone();
    let versions: Source<Option<Vec<VersionView>>> = Source::asking(
        ListVersions::PATH,
        {
            let asked = asked.clone();
            // A name is made of what needs no encoding.
            move || format!("name={asked}")
        },
        move || list_versions(asked.clone()),
    );
    let list = loaded("Loading…", move || {
        let secret = secret.clone();
        async move {
            match versions.read().await {
                Ok(found) => rows(found.unwrap_or_default(), &secret),
                Err(error) => view! { <Unloadable error /> }.erased(),
            }
        }
    });
    view! {
        <p class="dialog__subject">
            <code>{name}</code>
        </p>
        <p>"An earlier value can be put back without being shown. It stays encrypted like the one in force."</p>
        {list}
        <div class="dialog__foot">
            <Cancel back=HOME label="Done" />
        </div>
    }
    .erased()
}

fn rows(versions: Vec<VersionView>, secret: &SecretView) -> Erased {
    let forget = (versions.len() > 1).then(|| view! { <Forget name=secret.name.to_string() /> });
    let none = (versions.len() < 2).then(|| view! { <p>"There is no earlier value."</p> });
    let rows = versions
        .into_iter()
        .map(|version| view! { <VersionRow version secret=secret.clone() /> })
        .collect_view();
    view! {
        <ul class="rows">{rows}</ul>
        {none}
        {forget}
    }
    .erased()
}

#[component]
fn VersionRow(version: VersionView, secret: SecretView) -> impl IntoView {
    let beneath = Beneath::new();
    let finish = beneath.finish();
    let state = FormState::new::<PutBack, _>(move |()| finish());
    beneath.refresh_if_outdated(state);
    let number = format!("Value {}", version.version);
    let (title, action) = if version.in_force {
        (format!("{number}, in force").erased(), ().erased())
    } else {
        let put_back = view! {
            <UiForm state>
                <input type="hidden" name="name" value=secret.name.to_string() />
                <input type="hidden" name="version" value=version.version.to_string() />
                <input type="hidden" name="etag" value=secret.etag />
                <Submit state label="Put back" waiting="Putting back…" class="button button--small" />
            </UiForm>
        };
        (number.erased(), put_back.erased())
    };
    let facts = view! {
        "Stored "
        <Time at=version.created_at />
        " by "
        {version.created_by}
    }
    .erased();
    view! { <Row title facts action /> }.erased()
}

#[component]
fn Forget(name: String) -> impl IntoView {
    let finish = Beneath::new().finish();
    let state = FormState::new::<ForgetHistory, _>(move |()| finish());
    view! {
        <Confirm label="Forget earlier values" about=name.clone() warning="They are gone for good. The one in force stays.">
            <UiForm state>
                <input type="hidden" name="name" value=name />
                <Submit state label="Forget them" waiting="Forgetting…" class="button button--danger button--small" />
            </UiForm>
        </Confirm>
    }
    .erased()
}
