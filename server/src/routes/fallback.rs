//! What no endpoint answers.

use axum::http::Method;

use crate::problem::{Kind, Problem};

/// A path below `/api` that leads nowhere.
pub(crate) async fn not_found() -> Problem {
    Problem::new(
        Kind::NOT_FOUND,
        "There is no such call. /api/openapi.json lists them all.",
    )
}

/// A path that exists, with a method that it does not have; the `Allow` header, which axum adds, says which it has.
pub(crate) async fn method_not_allowed(method: Method) -> Problem {
    // Only the standard methods are repeated; a made-up one might be anything.
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    let method = if known.contains(&method) {
        method.as_str()
    } else {
        "that method"
    };
    Problem::new(
        Kind::METHOD_NOT_ALLOWED,
        format!("This path does not take {method}. The Allow header says what it takes."),
    )
}
