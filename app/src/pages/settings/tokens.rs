//! API tokens: who may act for the account.

use domain::{SecretName, TokenView};
use leptos::prelude::*;

use super::{Lists, Loaded, Section};
use crate::api::tokens::RevokeToken;
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::icon::{Glyph, Icon};
use crate::components::row::{Confirm, Row};
use crate::components::time::Time;
use crate::erase::Erase;

#[component]
pub(super) fn TokensSection() -> impl IntoView {
    let Lists { tokens, .. } = expect_context();
    let add = view! {
        <a class="button" id="add-token" href="/settings/tokens/new">
            <Icon glyph=Glyph::Add />
            "New token"
        </a>
    }
    .erased();
    view! {
        <Section
            id="tokens"
            title="API tokens"
            lead="For programs that act for you: the command line, your agents, whatever starts sandboxes."
            action=Some(add)
        >
            <Loaded list=tokens none="No tokens yet." row=|token| view! { <TokenRow token /> }.erased() />
        </Section>
    }
    .erased()
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
        Some(at) => view! { "Expires " <Time at /> }.erased(),
        None => "Does not expire".erased(),
    };
    let used = match token.last_used_at {
        Some(at) => view! { " · Last used " <Time at /> }.erased(),
        None => " · Never used".erased(),
    };
    let title = view! {
        <span>{token.label.clone()}</span>
        " "
        <code class="row__hint">{token.hint}</code>
    }
    .erased();
    let facts = view! {
        "Created "
        <Time at=token.created_at />
        " · "
        {expires}
        {used}
    }
    .erased();
    let revoke = view! {
        <Confirm label="Revoke" about=token.label warning="Whatever uses it stops working at once.">
            <UiForm state>
                <input type="hidden" name="id" value=token.id />
                <Submit state label="Revoke token" waiting="Revoking…" class="button button--danger button--small" />
            </UiForm>
        </Confirm>
    }
    .erased();
    let names = token.names.map(|names| {
        let names = names.iter().map(SecretName::as_str).collect::<Vec<_>>().join(", ");
        view! { <p class="row__names">"Its sandboxes get only " <code>{names}</code></p> }
    });
    let more = view! {
        <ul class="badges">{scopes}</ul>
        {names}
    }
    .erased();
    view! { <Row title facts action=revoke more /> }.erased()
}
