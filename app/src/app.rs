//! The application: its routes, and what lives as long as the page does.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Router, Routes, RoutesProps};
use leptos_router::hooks::use_location;

use crate::components::notice::{Notice, NoticeBar};
use crate::erase::Erase;
use crate::flash::PageMemory;
use crate::pages::frame::Frame;
use crate::pages::secrets::Secrets;
use crate::pieces::Part;
use crate::routes::{self, Shows, parent, route};

/// The whole application, on the server and in the browser.
///
/// It is also rendered once without a request, to list the routes; contexts are then missing.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let memory = PageMemory::take();
    provide_context(memory);
    provide_context(Notice::new(memory.notice()));
    let children = ToChildren::to_children(routes);
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

/// What each address shows. A dialog is a route inside its page, so that it has an address, works without scripts, and Back
/// closes it.
fn routes() -> routes::Routes {
    const NOTHING: Shows = Shows::View(|| ().erased());
    const FRAME: Shows = Shows::View(|| view! { <Frame /> }.erased());
    const SECRETS: Shows = Shows::View(|| view! { <Secrets /> }.erased());
    let part = Shows::Part;
    let secrets = vec![
        route([], NOTHING),
        route(["new"], part(Part::AddSecret)),
        route(["import"], part(Part::Import)),
        route([":name", "use"], part(Part::UseSecret)),
        route([":name", "edit"], part(Part::EditSecret)),
        route([":name", "delete"], part(Part::DeleteSecret)),
    ];
    let chat = vec![route([], NOTHING), route(["options"], part(Part::OptionsOfChat))];
    let chats = vec![
        route([], part(Part::NewChat)),
        parent([":id"], part(Part::Conversation), chat),
    ];
    let settings = vec![
        route([], NOTHING),
        route(["tokens", "new"], part(Part::AddToken)),
        route(["platforms", "new"], part(Part::AddPlatform)),
        route(["platforms", "rotate"], part(Part::RotatePlatform)),
        route(["delete-account"], part(Part::DeleteAccount)),
    ];
    let framed = vec![
        parent(["secrets"], SECRETS, secrets),
        parent(["chat"], part(Part::Chat), chats),
        route(["activity"], part(Part::Activity)),
        parent(["settings"], part(Part::Settings), settings),
    ];
    let all = vec![
        route([], part(Part::Start)),
        route(["sign-in"], part(Part::SignIn)),
        route(["sign-up"], part(Part::SignUp)),
        route(["r", ":id"], part(Part::Request)),
        parent([], FRAME, framed),
    ];
    all.into()
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
