//! A handler that panics fails its own request and no other.

use std::any::Any;

use axum::body::Body;
use axum::http::Response;
use axum::response::IntoResponse;

use crate::problem::Problem;

/// What the panic said is not repeated, to the client or to the log: it can hold anything. Where it happened is logged
/// by the program's panic hook.
pub(super) fn answer(_said: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Problem::internal("a handler panicked; the line before says where").into_response()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test fails by panicking, and this one is about panics"
    )]

    use axum::Router;
    use axum::body::to_bytes;
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_repeats_nothing() {
        async fn broken() -> &'static str {
            panic!("canary")
        }
        let router = Router::new()
            .route("/", get(broken))
            .layer(CatchPanicLayer::custom(answer));
        let response = router
            .oneshot(Request::get("/").body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), 500);
        let body = to_bytes(response.into_body(), 65_536).await.unwrap();
        let text = std::str::from_utf8(&body).unwrap();
        assert!(
            text.contains("/problems/internal") && !text.contains("canary"),
            "{text}"
        );
    }
}
