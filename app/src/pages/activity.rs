//! The Activity page: what was done with the account and its secrets.

mod filter;
mod record;
mod words;

use domain::{ActivityView, Page};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::filter::FilterBar;
use self::record::Record;
use super::frame::PageHead;
use crate::api::activity::{Asked, ListActivity, list_activity};
use crate::components::icon::{Glyph, Icon};
use crate::components::leave::Unloadable;
use crate::components::loading::loaded;
use crate::erase::Erase;
use crate::percent;
use crate::source::Source;

const ACTIVITY: &str = "/activity";

/// The records, the newest first, a page at a time. What is asked for stands in the address.
#[component]
pub(crate) fn Activity() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let get = |name: &str| query.get(name).unwrap_or_default();
        Asked {
            name: get("name"),
            agent: get("agent"),
            day: get("day"),
            zone: get("zone"),
            cursor: get("cursor"),
        }
    });
    let records = Source::asking(
        ListActivity::PATH,
        move || parameters(&asked.read(), &asked.read().cursor),
        move || list_activity(asked.get_untracked()),
    );
    let list = loaded("Loading…", move || async move {
        match records.read().await {
            Ok(page) => view! { <Records page asked=asked.get_untracked() /> }.erased(),
            Err(error) => view! { <Unloadable error /> }.erased(),
        }
    });
    let csv = move || address("/activity.csv", &asked.read(), None);
    view! {
        <Title text="Activity · Strongroom" />
        <div class="page">
            <PageHead
                title="Activity"
                lead="Who used which secrets, when, and what was refused. Names and times; never a value."
            >
                // Not a page of the application: the browser saves it.
                <a class="button" href=csv rel="external">
                    <Icon glyph=Glyph::Import />
                    "Export as CSV"
                </a>
            </PageHead>
            <FilterBar asked />
            {list}
        </div>
    }
    .erased()
}

#[component]
fn Records(page: Page<ActivityView>, asked: Asked) -> impl IntoView {
    let filtered = Asked {
        cursor: String::new(),
        ..asked.clone()
    } != Asked::default();
    let none = page.items.is_empty().then(|| {
        let words = match (filtered, page.next_cursor.is_some()) {
            (true, true) => "Nothing like that in this part. There are older records to look through.",
            (true, false) => "Nothing like that was done.",
            (false, _) => "Nothing was done yet.",
        };
        view! { <p class="none">{words}</p> }
    });
    let some = (!page.items.is_empty()).then(|| {
        view! {
            <ol class="rows records" aria-label="Records, the newest first">
                {page.items.into_iter().map(|record| view! { <Record record /> }).collect_view()}
            </ol>
        }
    });
    let newest = (!asked.cursor.is_empty())
        .then(|| view! { <a class="button" href=address(ACTIVITY, &asked, None)>"Newest"</a> });
    let older = page
        .next_cursor
        .map(|cursor| view! { <a class="button" href=address(ACTIVITY, &asked, Some(&cursor))>"Older"</a> });
    view! {
        {none}
        {some}
        <nav class="pager" aria-label="Pages">
            {newest}
            {older}
        </nav>
    }
    .erased()
}

/// The address of what is asked for, from that cursor on.
fn address(path: &str, asked: &Asked, cursor: Option<&str>) -> String {
    let parameters = parameters(asked, cursor.unwrap_or_default());
    if parameters.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{parameters}")
    }
}

/// What is asked for, URL-encoded; nothing of what is empty.
fn parameters(asked: &Asked, cursor: &str) -> String {
    let parts = [
        ("name", asked.name.as_str()),
        ("agent", asked.agent.as_str()),
        ("day", asked.day.as_str()),
        ("zone", asked.zone.as_str()),
        ("cursor", cursor),
    ];
    let mut written = String::new();
    for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        if !written.is_empty() {
            written.push('&');
        }
        written.push_str(name);
        written.push('=');
        written.push_str(&percent::encoded(text));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_asked_for_and_nothing_empty() {
        let asked = Asked {
            name: "A_KEY".to_owned(),
            agent: "bot & 50% ü".to_owned(),
            ..Asked::default()
        };
        assert_eq!(
            address(ACTIVITY, &asked, None),
            "/activity?name=A_KEY&agent=bot%20%26%2050%25%20%C3%BC"
        );
        assert_eq!(address(ACTIVITY, &Asked::default(), Some("c")), "/activity?cursor=c");
    }
}
