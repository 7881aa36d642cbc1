//! The HTTP interface for programs. One file an endpoint, each in the same order: what it takes and gives, the handler,
//! its tests. `endpoints!` is the one list of them: the router, the OpenAPI document and [`table`] all come from it.

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use domain::Scope;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::middleware::body_limit;
use crate::state::AppState;

mod activity;
mod env;
mod fallback;
mod field;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod health;
mod openapi;
mod platform_users;
mod requests;
mod sandboxes;
mod secrets;

/// An endpoint, as tests see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method; `HEAD` comes with `GET`.
    pub method: Method,
    /// The path, as axum and OpenAPI write it: `/api/v1/secrets/{name}`.
    pub path: &'static str,
    /// Who may call it.
    pub auth: Auth,
    /// The longest body that is read, in bytes.
    pub body_limit: usize,
}

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Anyone: it tells nothing of any user.
    Anyone,
    /// An API token (`sr_pat_…`) with that scope.
    Token(Scope),
    /// A sandbox token (`sr_sbx_…`).
    Sandbox,
    /// An API token with that scope, or a platform's key (`sr_plt_…`) for one of its users.
    Program(Scope),
    /// Whoever made a request: an API token with `requests:write`, or a platform's key for one of its users.
    Creator,
    /// The same, or a sandbox.
    Requester,
    /// The token of one request's field (`sr_fld_…`).
    Field,
    /// A platform's key, for itself.
    Platform,
}

/// Calls without a body of note.
const SMALL_BODY: usize = 16 * 1024;

impl RouteInfo {
    const fn new(method: Method, path: &'static str, auth: Auth) -> Self {
        Self::taking(SMALL_BODY, method, path, auth)
    }

    const fn taking(body_limit: usize, method: Method, path: &'static str, auth: Auth) -> Self {
        Self {
            method,
            path,
            auth,
            body_limit,
        }
    }
}

macro_rules! endpoints {
    ($($($module:ident)::+),+ $(,)?) => {
        /// Every endpoint for programs.
        pub fn table() -> &'static [RouteInfo] {
            const TABLE: &[RouteInfo] = &[$($($module)::+::ROUTE),+];
            TABLE
        }

        fn mounted() -> OpenApiRouter<AppState> {
            OpenApiRouter::with_openapi(openapi::head())
                $(.routes(
                    routes!($($module)::+::handler)
                        .layer(from_fn_with_state($($module)::+::ROUTE.body_limit, body_limit::limit)),
                ))+
        }
    };
}

endpoints! {
    secrets::list,
    secrets::get,
    secrets::create,
    secrets::batch,
    secrets::update,
    secrets::delete,
    secrets::history,
    secrets::put_back,
    secrets::forget,
    sandboxes::open,
    sandboxes::list,
    sandboxes::close,
    env,
    requests::create,
    requests::list,
    requests::get,
    requests::field_token,
    requests::cancel,
    field::open,
    field::answer,
    platform_users,
    activity,
    health::live,
    health::ready,
    openapi,
}

/// The router of all endpoints.
pub(crate) fn router() -> Router<AppState> {
    mounted().split_for_parts().0
}

/// The document that describes [`router`].
pub fn document() -> utoipa::openapi::OpenApi {
    mounted().into_openapi()
}

pub(crate) use fallback::{method_not_allowed, not_found};

#[cfg(test)]
mod tests;
