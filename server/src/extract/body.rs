//! A whole body, in memory that is zeroed afterwards: it may hold a value.

use std::error::Error as StdError;

use axum::body::Body;
use http_body_util::{BodyExt, LengthLimitError};
use tower_http::timeout::TimeoutError;
use zeroize::Zeroizing;

use crate::problem::{Kind, Problem};

/// Room made at first; a value and its name fit.
const FIRST_ROOM: usize = 4096;

/// Reads to the end. How long a body may be is set where the route is, by the body limit's middleware.
pub(super) async fn read(mut body: Body) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(FIRST_ROOM));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| refuse(&error))?;
        if let Some(data) = frame.data_ref() {
            append(&mut bytes, data);
        }
    }
    Ok(bytes)
}

/// Grows by copying into new memory and zeroing the old, which a `Vec` by itself would only free.
fn append(bytes: &mut Zeroizing<Vec<u8>>, data: &[u8]) {
    if bytes.capacity() - bytes.len() < data.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity((bytes.len() + data.len()) * 2));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
    bytes.extend_from_slice(data);
}

fn refuse(error: &axum::Error) -> Problem {
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = source {
        if error.is::<LengthLimitError>() {
            return Problem::new(Kind::TOO_LARGE, "The body is longer than this call takes.");
        }
        if error.is::<TimeoutError>() {
            return Problem::new(
                Kind::TIMEOUT,
                "The rest of the body did not arrive in time. Send the request again.",
            );
        }
        source = error.source();
    }
    Problem::new(
        Kind::BAD_REQUEST,
        "The body was cut off on the way. Send the request again.",
    )
}
