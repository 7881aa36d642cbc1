//! Platforms, for the server's owner.

mod add;
mod rotate;

use domain::PlatformView;
use leptos::prelude::*;

use super::{Lists, Section};
use crate::api::platforms::RemovePlatform;
use crate::components::field::{TextField, Typing};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::icon::{Glyph, Icon};
use crate::components::loading::loaded;
use crate::components::row::{Confirm, Row};
use crate::components::time::Time;
use crate::erase::Erase;
use crate::percent;

pub(crate) use add::AddPlatform;
pub(crate) use rotate::RotatePlatformDialog;

/// Nothing for anybody but the owner.
#[component]
pub(super) fn PlatformsSection() -> impl IntoView {
    let Lists { platforms, .. } = expect_context();
    loaded("", move || async move {
        match platforms.read().await {
            Ok(Some(platforms)) => view! { <Platforms platforms /> }.erased(),
            // What cannot be loaded is said by the other sections.
            Ok(None) | Err(_) => ().erased(),
        }
    })
}

#[component]
fn Platforms(platforms: Vec<PlatformView>) -> impl IntoView {
    let add = view! {
        <a class="button" id="add-platform" href="/settings/platforms/new">
            <Icon glyph=Glyph::Add />
            "New platform"
        </a>
    }
    .erased();
    let list = if platforms.is_empty() {
        view! { <p class="none">"No platforms yet."</p> }.erased()
    } else {
        let rows = platforms
            .into_iter()
            .enumerate()
            .map(|(index, platform)| view! { <PlatformRow index platform /> })
            .collect_view();
        view! { <ul class="rows">{rows}</ul> }.erased()
    };
    view! {
        <Section
            id="platforms"
            title="Platforms"
            lead="Agent products that keep their users' secrets on this server, and show the secure field in their own chat."
            action=Some(add)
        >
            {list}
        </Section>
    }
    .erased()
}

#[component]
fn PlatformRow(
    /// Its place in the list.
    index: usize,
    platform: PlatformView,
) -> impl IntoView {
    let Lists { platforms, .. } = expect_context();
    let state = FormState::new::<RemovePlatform, _>(move |()| {
        platforms.refetch();
    });
    let rotate = format!("/settings/platforms/rotate?name={}", percent::encoded(&platform.name));
    let title = view! {
        <span>{platform.name.clone()}</span>
        " "
        <code class="row__hint">{platform.hint}</code>
    }
    .erased();
    let rotated = platform.rotated_at.map(|at| view! { " · Key replaced " <Time at /> });
    let facts = view! {
        {platform.users}
        " of "
        {platform.most_users}
        " users · Added "
        <Time at=platform.created_at />
        {rotated}
    }
    .erased();
    let page = platform
        .request_url
        .map(|url| view! { <p class="row__names">"Its page for a request: " <code>{url}</code></p> });
    let more = view! {
        <p class="row__names">"Shows the field at " <code>{platform.origins.join(", ")}</code></p>
        {page}
        <p>
            <a class="link-button" href=rotate>
                "Replace its key…"
            </a>
        </p>
    }
    .erased();
    let remove = view! {
        <Confirm
            label="Remove"
            about=platform.name.clone()
            warning="All of its users and their secrets are deleted, for good."
        >
            <UiForm state autocomplete=true class="form" fields=&["password"]>
                <input type="hidden" name="name" value=platform.name />
                <TextField
                    state
                    name="password"
                    id=format!("remove-{index}-password")
                    label="Your password"
                    typing=Typing::PASSWORD
                />
                <Submit state label="Remove platform" waiting="Removing…" class="button button--danger button--small" />
            </UiForm>
        </Confirm>
    }
    .erased();
    view! { <Row title facts action=remove more /> }.erased()
}
