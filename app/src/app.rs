//! The application: its routes, and what lives as long as the page does.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

use crate::components::notice::{Notice, NoticeBar};
use crate::erase::Erase;
use crate::flash::PageMemory;
use crate::pages::frame::Frame;
use crate::pages::secrets::Secrets;
use crate::pieces::Part;

/// The whole application, on the server and in the browser.
///
/// A dialog is a route inside its page, so that it has an address, works without scripts, and Back closes it. Every
/// page is rendered whole before it is sent: one sent in pieces needs a script to put them in place.
///
/// It is also rendered once without a request, to list the routes; contexts are then missing.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let memory = PageMemory::take();
    provide_context(memory);
    provide_context(Notice::new(memory.notice()));
    view! {
        <Router>
            <Forgetful memory />
            <Routes fallback=Part::NotFound.route()>
                <Route path=path!("/") view=Part::Start.route() ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=Part::SignIn.route() ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=Part::SignUp.route() ssr=SsrMode::Async />
                <Route path=path!("/r/:id") view=Part::Request.route() ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <ParentRoute path=path!("/secrets") view=Secrets ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async />
                        <Route path=path!("/new") view=Part::AddSecret.route() ssr=SsrMode::Async />
                        <Route path=path!("/import") view=Part::Import.route() ssr=SsrMode::Async />
                        <Route path=path!("/:name/use") view=Part::UseSecret.route() ssr=SsrMode::Async />
                        <Route path=path!("/:name/edit") view=Part::EditSecret.route() ssr=SsrMode::Async />
                        <Route path=path!("/:name/delete") view=Part::DeleteSecret.route() ssr=SsrMode::Async />
                    </ParentRoute>
                    <ParentRoute path=path!("/chat") view=Part::Chat.route() ssr=SsrMode::Async>
                        <Route path=path!("") view=Part::NewChat.route() ssr=SsrMode::Async />
                        <ParentRoute path=path!("/:id") view=Part::Conversation.route() ssr=SsrMode::Async>
                            <Route path=path!("") view=|| () ssr=SsrMode::Async />
                            <Route path=path!("/options") view=Part::OptionsOfChat.route() ssr=SsrMode::Async />
                        </ParentRoute>
                    </ParentRoute>
                    <Route path=path!("/activity") view=Part::Activity.route() ssr=SsrMode::Async />
                    <ParentRoute path=path!("/settings") view=Part::Settings.route() ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async />
                        <Route path=path!("/tokens/new") view=Part::AddToken.route() ssr=SsrMode::Async />
                        <Route path=path!("/platforms/new") view=Part::AddPlatform.route() ssr=SsrMode::Async />
                        <Route path=path!("/platforms/rotate") view=Part::RotatePlatform.route() ssr=SsrMode::Async />
                        <Route path=path!("/delete-account") view=Part::DeleteAccount.route() ssr=SsrMode::Async />
                    </ParentRoute>
                </ParentRoute>
            </Routes>
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
