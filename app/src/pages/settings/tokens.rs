//! API tokens: who may act for the account.

use domain::TokenView;
use leptos::prelude::*;

use super::{Lists, Loaded, Section};
use crate::api::tokens::RevokeToken;
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::icon::{Glyph, Icon};
use crate::components::row::{Confirm, Row};
use crate::components::time::Time;

#[component]
pub(super) fn TokensSection() -> impl IntoView {
    let Lists { tokens, .. } = expect_context();
    let add = view! {
        <a class="button" id="add-token" href="/settings/tokens/new">
            <Icon glyph=Glyph::Add />
            "New token"
        </a>
    }
    .into_any();
    view! {
        <Section
            id="tokens"
            title="API tokens"
            lead="For programs that act for you: the command line, your agents, whatever starts sandboxes."
            action=Some(add)
        >
            <Loaded list=tokens none="No tokens yet." row=|token| view! { <TokenRow token /> }.into_any() />
        </Section>
    }
    .into_any()
}

#[component]
fn TokenRow(token: TokenView) -> impl IntoView {
    let Lists { tokens, .. } = expect_context();
    let state = FormState::new::<RevokeToken, _>(move |()| {
        tokens.refetch();
    });
    let scopes = token
        .scopes
        .iter()
        .map(|scope| {
            let class = if scope.is_powerful() {
                "badge badge--strong"
            } else {
                "badge"
            };
            view! {
                <li class=class title=scope.as_str()>
                    {scope.plain_words()}
                </li>
            }
        })
        .collect_view();
    let expires = match token.expires_at {
        Some(at) => view! { "Expires " <Time at /> }.into_any(),
        None => "Does not expire".into_any(),
    };
    let used = match token.last_used_at {
        Some(at) => view! { " · Last used " <Time at /> }.into_any(),
        None => " · Never used".into_any(),
    };
    let title = view! {
        <span>{token.label.clone()}</span>
        " "
        <code class="row__hint">{token.hint}</code>
    }
    .into_any();
    let facts = view! {
        "Created "
        <Time at=token.created_at />
        " · "
        {expires}
        {used}
    }
    .into_any();
    let revoke = view! {
        <Confirm label="Revoke" about=token.label warning="Whatever uses it stops working at once.">
            <UiForm state>
                <input type="hidden" name="id" value=token.id />
                <Submit state label="Revoke token" waiting="Revoking…" class="button button--danger button--small" />
            </UiForm>
        </Confirm>
    }
    .into_any();
    view! { <Row title facts action=revoke more=view! { <ul class="badges">{scopes}</ul> }.into_any() /> }.into_any()
}
