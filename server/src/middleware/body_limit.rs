//! How long a body may be.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::Body as _;
use http_body_util::{BodyExt, Limited};

use crate::problem::{Kind, Problem};

/// How much of a refused body is still taken off the wire, and for how long. Many clients read the answer only once
/// their body is sent; closed on at once, they would report a broken connection instead of what is wrong.
const DISCARDED: u64 = 16 * 1024 * 1024;
const DISCARDING: Duration = Duration::from_secs(5);

/// Refuses a longer body before anything reads it if its length is announced, otherwise where it gets too long.
pub(crate) async fn limit(State(limit): State<usize>, request: Request, next: Next) -> Response {
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced
        .or(request.body().size_hint().exact())
        .is_some_and(|length| length > most)
    {
        discard(request.into_body()).await;
        return Problem::new(
            Kind::TOO_LARGE,
            format!("The body is too long: this call takes at most {limit} bytes."),
        )
        .limit(most)
        .into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

async fn discard(mut body: Body) {
    let all = async {
        let mut seen = 0;
        while let Some(Ok(frame)) = body.frame().await {
            seen += frame
                .data_ref()
                .map_or(0, |data| u64::try_from(data.len()).unwrap_or(u64::MAX));
            if seen > DISCARDED {
                break;
            }
        }
    };
    // However it ends, the answer is the same.
    let _ = tokio::time::timeout(DISCARDING, all).await;
}
