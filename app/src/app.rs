//! The application: its routes, and what lives as long as the page does.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

use crate::components::notice::{Notice, NoticeBar};
use crate::erase::Erase;
use crate::flash::PageMemory;
use crate::pages::activity::Activity;
use crate::pages::frame::Frame;
use crate::pages::not_found::NotFound;
use crate::pages::secrets::{AddSecret, DeleteSecretDialog, EditSecret, ImportDialog, Secrets, UseSecret};
use crate::pages::settings::{AddToken, DeleteAccountDialog, Settings};
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_up::SignUpPage;
use crate::pages::start::Start;

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
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Start ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <ParentRoute path=path!("/secrets") view=Secrets ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async />
                        <Route path=path!("/new") view=AddSecret ssr=SsrMode::Async />
                        <Route path=path!("/import") view=ImportDialog ssr=SsrMode::Async />
                        <Route path=path!("/:name/use") view=UseSecret ssr=SsrMode::Async />
                        <Route path=path!("/:name/edit") view=EditSecret ssr=SsrMode::Async />
                        <Route path=path!("/:name/delete") view=DeleteSecretDialog ssr=SsrMode::Async />
                    </ParentRoute>
                    <Route path=path!("/activity") view=Activity ssr=SsrMode::Async />
                    <ParentRoute path=path!("/settings") view=Settings ssr=SsrMode::Async>
                        <Route path=path!("") view=|| () ssr=SsrMode::Async />
                        <Route path=path!("/tokens/new") view=AddToken ssr=SsrMode::Async />
                        <Route path=path!("/delete-account") view=DeleteAccountDialog ssr=SsrMode::Async />
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
