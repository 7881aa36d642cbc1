//! Counts and times requests, where metrics are on.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::metrics::{Metrics, RequestLabels};

pub(super) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let in_flight = metrics.request_began();
    let method = RequestLabels::method(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    drop(in_flight);
    metrics.request_ended(RequestLabels::new(method, route, response.status()), started.elapsed());
    response
}
