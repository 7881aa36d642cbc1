//! The baseline: an axum handler that answers with the same JSON and does nothing else.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

/// The environment that both servers answer with: 20 secrets of 40 characters, as API keys are.
pub(crate) fn secrets() -> Vec<(String, String)> {
    (0..20)
        .map(|number| {
            (
                format!("SERVICE_{number:02}_API_KEY"),
                format!("{number:02}{}", "k3yV4lu3".repeat(5)),
            )
        })
        .collect()
}

/// Serves until it is killed; prints its address first.
pub(crate) async fn serve() -> Result<()> {
    let body = serde_json::to_string(&secrets().into_iter().collect::<std::collections::BTreeMap<_, _>>())?;
    let router = Router::new()
        .route("/api/v1/sandbox/env", get(answer))
        .with_state(Arc::from(body));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .context("no port for the baseline")?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await.context("the baseline stopped")
}

async fn answer(State(body): State<Arc<str>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], body.to_string())
}
