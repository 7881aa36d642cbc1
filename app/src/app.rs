//! The application: its routes, and what lives as long as the page does.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Router, Routes, RoutesProps};
use leptos_router::hooks::use_location;

use crate::components::notice::{Notice, NoticeBar};
use crate::erase::Erase;
use crate::flash::PageMemory;
use crate::pieces::Part;
use crate::routes;

/// The whole application, on the server and in the browser.
///
/// It is also rendered once without a request, to list the routes; contexts are then missing.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let memory = PageMemory::take();
    provide_context(memory);
    provide_context(Notice::new(memory.notice()));
    let children = ToChildren::to_children(routes::all);
    let routes = RoutesProps::builder()
        .fallback(move || Part::NotFound.view())
        .children(children);
    view! {
        <Router>
            <Forgetful memory />
            {Routes(routes.build())}
            <NoticeBar />
        </Router>
    }
    .erased()
}

/// Forgets what the server remembered for the first page, once another is shown.
#[component]
fn Forgetful(memory: PageMemory) -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |earlier: Option<String>| {
        let now = path.get();
        if earlier.is_some_and(|earlier| earlier != now) {
            memory.forget();
        }
        now
    });
}
