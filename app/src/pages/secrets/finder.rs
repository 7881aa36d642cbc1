//! Finding a secret among many: search and order.

use std::cmp::Reverse;

use domain::SecretView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::keys::SEARCH;
use crate::erase::Erase;
use crate::next::HOME;

/// What is searched for, and the order of the list. With scripts it lives as long as the page, whatever dialog is open;
/// without, it stands in the address.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    query: RwSignal<String>,
    order: RwSignal<Order>,
    /// Lower case, split at blanks.
    words: Memo<Vec<String>>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// By name.
    #[default]
    Name,
    /// The last added first.
    Newest,
    /// The last used first; what was never used comes last.
    Used,
}

impl Order {
    const ALL: [Self; 3] = [Self::Name, Self::Newest, Self::Used];

    fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Newest => "newest",
            Self::Used => "used",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Name => "By name",
            Self::Newest => "Newest first",
            Self::Used => "Last used first",
        }
    }

    fn parse(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|order| order.key() == text)
            .unwrap_or_default()
    }

    fn sort(self, secrets: &mut [SecretView]) {
        match self {
            // As the server sends them.
            Self::Name => {}
            Self::Newest => secrets.sort_by_key(|secret| Reverse(secret.created_at)),
            Self::Used => secrets.sort_by_key(|secret| Reverse(secret.last_used_at)),
        }
    }
}

impl Finder {
    /// As the address says.
    pub(super) fn new() -> Self {
        let asked = use_query_map();
        let asked = asked.read_untracked();
        let query = RwSignal::new(asked.get("q").unwrap_or_default());
        Self {
            query,
            order: RwSignal::new(Order::parse(&asked.get("order").unwrap_or_default())),
            words: Memo::new(move |_| words(&query.read())),
        }
    }

    /// The list in the order asked for.
    pub(super) fn sorted(self, mut secrets: Vec<SecretView>) -> Vec<SecretView> {
        self.order.get().sort(&mut secrets);
        secrets
    }

    /// Whether a secret whose [`haystack`] that is is looked for.
    pub(super) fn finds(self, haystack: &str) -> bool {
        self.words.with(|words| contains_all(haystack, words))
    }

    /// Whether anything is searched for.
    pub(super) fn is_searching(self) -> bool {
        self.words.with(|words| !words.is_empty())
    }

    fn clear(self) {
        self.query.set(String::new());
    }
}

/// What a secret is found by: its name and its description, in lower case.
pub(super) fn haystack(secret: &SecretView) -> String {
    lowered(&format!("{} {}", secret.name, secret.description))
}

fn words(query: &str) -> Vec<String> {
    query.split_whitespace().map(lowered).collect()
}

/// In lower case. A browser has Unicode's tables already; ours would weigh as much as the search itself.
fn lowered(text: &str) -> String {
    #[cfg(feature = "hydrate")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(feature = "hydrate"))]
    text.to_lowercase()
}

fn contains_all(haystack: &str, words: &[String]) -> bool {
    words.iter().all(|word| haystack.contains(word.as_str()))
}

/// The two controls. Without scripts a form that loads the page anew.
#[component]
pub(super) fn FinderBar(
    finder: Finder,
    /// How many secrets are shown, in words; empty while nothing is searched for.
    #[prop(into)]
    found: Signal<String>,
) -> impl IntoView {
    let order = finder.order.get_untracked();
    let orders = Order::ALL.map(|each| {
        view! {
            <option value=each.key() selected=each == order>
                {each.words()}
            </option>
        }
    });
    view! {
        <form
            class="finder"
            role="search"
            method="get"
            action=HOME
            autocomplete="off"
            on:submit=|event| event.prevent_default()
        >
            <label class="visually-hidden" for=SEARCH>
                "Search your secrets"
            </label>
            <input
                id=SEARCH
                class="input finder__search"
                type="search"
                name="q"
                placeholder="Search names and descriptions"
                autocapitalize="off"
                spellcheck="false"
                value=finder.query.get_untracked()
                prop:value=move || finder.query.get()
                on:input=move |event| finder.query.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        finder.clear();
                    }
                }
            />
            <label class="visually-hidden" for="order">
                "Order"
            </label>
            <select
                id="order"
                class="input finder__order"
                name="order"
                on:change=move |event| finder.order.set(Order::parse(&event_target_value(&event)))
            >
                {orders}
            </select>
            <button class="button without-script" type="submit">
                "Show"
            </button>
            <p class="finder__found" role="status">
                {move || found.get()}
            </p>
        </form>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_to_be_in_it_in_any_order_and_case() {
        let haystack = "github_token read-only key for Über".to_lowercase();
        for found in ["", "git", "KEY github", "  read-only ", "über"] {
            assert!(contains_all(&haystack, &words(found)), "{found}");
        }
        for lost in ["gitlab", "github gitlab"] {
            assert!(!contains_all(&haystack, &words(lost)), "{lost}");
        }
    }

    #[test]
    fn an_order_that_does_not_exist_is_the_order_by_name() {
        assert_eq!(Order::parse("newest"), Order::Newest);
        assert_eq!(Order::parse("random"), Order::Name);
    }
}
