//! One secret in the list.

use domain::SecretView;
use leptos::prelude::*;

use super::finder::{Finder, haystack};
use crate::components::copy::CopyIcon;
use crate::components::icon::{Glyph, Icon};
use crate::components::mask::Mask;
use crate::components::time::Time;
use crate::erase::{Children, Erase, Erased};

/// Name, description, eight dots, when it was made, changed and used, and what can be done with it.
#[component]
pub(super) fn SecretCard(secret: SecretView, finder: Finder) -> impl IntoView {
    let name = secret.name.to_string();
    let page = |dialog: &str| format!("/secrets/{name}/{dialog}");
    let haystack = haystack(&secret);
    let description = (!secret.description.is_empty())
        .then(|| view! { <p class="card__description">{secret.description.clone()}</p> });
    // A value that was never replaced has nothing to say here.
    let history = page("history");
    let changed = (secret.changed_at != secret.created_at).then(|| {
        view! {
            <Fact label="Changed">
                <a class="quiet-link" href=history>
                    <Time at=secret.changed_at />
                </a>
            </Fact>
        }
    });
    view! {
        <li class="card" hidden=move || !finder.finds(&haystack)>
            <div class="card__main">
                <div class="card__head">
                    <h2 class="card__name">{name.clone()}</h2>
                    <CopyIcon text=name.clone() />
                </div>
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
                <a class="icon-button" href=page("use") aria-label=format!("Use {name}") title="Use it in code">
                    <Icon glyph=Glyph::Code />
                </a>
                <a class="icon-button" href=page("edit") aria-label=format!("Edit {name}") title="Edit">
                    <Icon glyph=Glyph::Edit />
                </a>
                <a
                    class="icon-button icon-button--danger"
                    href=page("delete")
                    aria-label=format!("Delete {name}")
                    title="Delete"
                >
                    <Icon glyph=Glyph::Trash />
                </a>
            </div>
        </li>
    }
    .erased()
}

/// When and by which sandbox, which leads to all its uses.
fn last_use(secret: &SecretView) -> Erased {
    let Some(at) = secret.last_used_at else {
        return "never".erased();
    };
    let by = secret.last_used_by.clone().map(|sandbox| format!(" by {sandbox}"));
    let all = format!("/activity?name={}", secret.name);
    view! {
        <a class="quiet-link" href=all>
            <Time at />
            {by}
        </a>
    }
    .erased()
}

#[component]
fn Fact(label: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="facts__item">
            <dt>{label}</dt>
            <dd>{children.show()}</dd>
        </div>
    }
    .erased()
}
