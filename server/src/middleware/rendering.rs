//! Pages that do not come about. On a machine under load, the framework's rendering of a page now and then waits for a
//! wake-up that was lost, for ever. A page changes nothing, so it is rendered again; the reader sees a page that took its time.

use std::time::Duration;

use app::ssr::ShownOnce;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::timeout;

/// Far more than the largest page takes, and less than a reader's patience.
const LONGEST: Duration = Duration::from_secs(4);
const AGAIN: usize = 2;

pub(crate) async fn watch(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let (mut parts, _no_body) = request.into_parts();
    // What is shown once is not lost with a rendering that is given up.
    parts.extensions.insert(ShownOnce::default());
    for _ in 0..AGAIN {
        let rendering = next.clone().run(Request::from_parts(parts.clone(), Body::empty()));
        match timeout(LONGEST, rendering).await {
            Ok(page) => return page,
            Err(_) => tracing::warn!("A page was not rendered in time; it is rendered again"),
        }
    }
    next.run(Request::from_parts(parts, Body::empty())).await
}
