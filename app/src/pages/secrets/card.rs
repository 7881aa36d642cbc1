//! One secret in the list.

use domain::SecretView;
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::components::mask::Mask;
use crate::components::time::Time;

/// Name, description, eight dots, when it was made, changed and used, and what can be done with it.
#[component]
pub(super) fn SecretCard(secret: SecretView) -> impl IntoView {
    let name = secret.name.to_string();
    let edit = format!("/secrets/{name}/edit");
    let delete = format!("/secrets/{name}/delete");
    let description = (!secret.description.is_empty())
        .then(|| view! { <p class="card__description">{secret.description.clone()}</p> });
    // A value that was never replaced has nothing to say here.
    let changed = (secret.changed_at != secret.created_at)
        .then(|| view! { <Fact label="Changed"><Time at=secret.changed_at /></Fact> });
    view! {
        <li class="card">
            <div class="card__main">
                <h2 class="card__name">{name.clone()}</h2>
                {description}
                <dl class="facts">
                    <Fact label="Created">
                        <Time at=secret.created_at />
                    </Fact>
                    {changed}
                    <Fact label="Last used">{last_use(&secret)}</Fact>
                </dl>
            </div>
            <div class="card__value">
                <Mask />
            </div>
            <div class="card__actions">
                <a class="icon-button" href=edit aria-label=format!("Edit {name}") title="Edit">
                    <Icon glyph=Glyph::Edit />
                </a>
                <a class="icon-button icon-button--danger" href=delete aria-label=format!("Delete {name}") title="Delete">
                    <Icon glyph=Glyph::Trash />
                </a>
            </div>
        </li>
    }
    .into_any()
}

fn last_use(secret: &SecretView) -> AnyView {
    let Some(at) = secret.last_used_at else {
        return "never".into_any();
    };
    let by = secret.last_used_by.clone().map(|sandbox| format!(" by {sandbox}"));
    view! {
        <Time at />
        {by}
    }
    .into_any()
}

#[component]
fn Fact(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="facts__item">
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}
