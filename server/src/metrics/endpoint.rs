//! Where a scraper reads the figures: its own address, so that it need not be reachable from where people are.

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::routing::get;

use super::Metrics;
use crate::problem::Problem;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /metrics`
pub(crate) fn router(metrics: Metrics) -> Router {
    Router::new().route("/metrics", get(read)).with_state(metrics)
}

async fn read(State(metrics): State<Metrics>) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    Ok((
        [(CONTENT_TYPE, OPEN_METRICS)],
        metrics.text().map_err(Problem::internal)?,
    ))
}
