//! The pages and the server functions of `app`, and the site's static files.

use app::ssr::{Backend, CookiePolicy, Flash, SiteAssets};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERER};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_request};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context};

use crate::activity_csv::{self, Download};
use crate::chat_events::{self, Events};
use crate::embed;
use crate::middleware::{body_limit, page_policy, rendering};
use crate::routes;
use crate::site;
use crate::state::AppState;

/// The longest body of a form: one value of 64 KiB, URL-encoded threefold, and what goes with it.
const FORM_BODY: usize = 512 * 1024;
/// The longest body of a form with a `.env` file in it: an environment of 1 MiB, URL-encoded threefold, and comments.
const FILE_BODY: usize = 4 * 1024 * 1024;
const TAKE_FILES: [&str; 2] = ["/api/ui/import-secrets", "/api/ui/preview-import"];

/// Everything that people see, and the answer to whatever no route takes.
pub(crate) fn router(state: &AppState) -> Router {
    let backend = backend(state);
    // Asked for by the framework. The names of the site's files come from the backend instead.
    let options = LeptosOptions::builder().output_name("strongroom").build();
    let shell = {
        let backend = backend.clone();
        move || app::shell(backend.clone())
    };
    let download = Download {
        vault: state.vault().clone(),
        cookies: backend.cookies,
    };
    let events = Events {
        vault: state.vault().clone(),
        agents: state.agents().clone(),
        cookies: backend.cookies,
    };
    Router::new()
        .route("/activity.csv", get(activity_csv::handler).with_state(download))
        .route("/chat/{id}/events", get(chat_events::handler).with_state(events))
        .leptos_routes_with_context(&options, generate_route_list(app::App), context(&backend), shell)
        .fallback(move |request| elsewhere(backend.clone(), request))
        .with_state(options)
        .layer(from_fn(limit_form))
        // The framework's own limit of 2 MB, which our own takes the place of.
        .layer(DefaultBodyLimit::disable())
        .layer(map_request(without_referer))
        .layer(from_fn(rendering::watch))
        .layer(from_fn_with_state(state.clone(), embed::to_platform))
}

async fn limit_form(request: Request, next: Next) -> Response {
    let takes_file = TAKE_FILES.contains(&request.uri().path());
    let limit = if takes_file { FILE_BODY } else { FORM_BODY };
    body_limit::limit(State(limit), request, next).await
}

fn backend(state: &AppState) -> Backend {
    let site = site::assets();
    Backend {
        vault: state.vault().clone(),
        agents: state.agents().clone(),
        assets: SiteAssets {
            js: site.js.map(str::to_owned),
            wasm: site.wasm.map(str::to_owned),
            css: site.css.map(str::to_owned),
        },
        cookies: if state.settings().cookies_are_secure() {
            CookiePolicy::Host
        } else {
            CookiePolicy::Insecure
        },
        flash: Flash::new(),
    }
}

/// What pages and server functions find in their context. For a page the framework has made the nonce by now, and the
/// policy that names it goes with the page; the answer of a server function has no nonce and gets the strict policy.
fn context(backend: &Backend) -> impl Fn() + Clone + Send + Sync + 'static {
    let backend = backend.clone();
    move || {
        provide_context(backend.clone());
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Some(policy) = page_policy(&nonce)
        {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// The framework would send a form back to its `Referer` where a server function names no path, and write an error
/// into that URL. Nothing here goes anywhere but to explicit paths.
async fn without_referer(mut request: Request) -> Request {
    request.headers_mut().remove(REFERER);
    request
}

/// What no route takes: a file of the site, a call that does not exist, or a page that does not exist.
async fn elsewhere(backend: Backend, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return routes::not_found().await.into_response();
    }
    if let Some(file) = site::serve(request.method(), request.uri(), request.headers()) {
        return embed::for_other_sites(request.uri().path(), file);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return routes::not_found().await.into_response();
    }
    let context = context(&backend);
    let mut page = render_app_async_with_context(context, move || app::shell(backend.clone()))(request).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}
