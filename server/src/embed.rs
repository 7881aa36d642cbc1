//! The frame of the secure field: an empty shell on this server's own origin, which a platform's page shows and cannot read.
//!
//! It holds no user data and needs no cookie: what the field shows, its script asks for with the field token that the page
//! hands it. The policy lets exactly the platform's origins frame it. A request that no platform made has no frame.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use leptos::nonce::Nonce;
use vault::RequestPage;

use crate::extract::IdInPath;
use crate::problem::{Kind, Problem};
use crate::state::AppState;

const COEP: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The frame's route.
pub(crate) fn router(state: &AppState) -> Router {
    Router::new()
        .route("/embed/field/{id}", get(shell))
        .with_state(state.clone())
}

/// Lets pages of other sites load the widget's loader and its types, the one thing here that is made for them. It is public,
/// and the same for everybody.
pub(crate) fn for_other_sites(path: &str, mut file: Response) -> Response {
    if path
        .strip_prefix("/embed/")
        .is_some_and(|name| name.starts_with("strongroom"))
    {
        let headers = file.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(CORP, HeaderValue::from_static("cross-origin"));
    }
    file
}

/// Sends whoever opens the link of a platform's request to the platform's own page for it: its users have no account that
/// they could sign in to here.
pub(crate) async fn to_platform(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = request
        .uri()
        .path()
        .strip_prefix("/r/")
        .filter(|_| request.method() == Method::GET);
    let page = match id {
        Some(id) => state.vault().requests().page_of(id).await,
        None => Ok(RequestPage::Here),
    };
    match page {
        Ok(RequestPage::AtPlatform(page)) => Redirect::to(&page).into_response(),
        Ok(RequestPage::Here | RequestPage::Nowhere) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn shell(State(state): State<AppState>, IdInPath(id): IdInPath) -> Result<Response, Problem> {
    // As this server writes ids: other ways of writing the same one would end up in the page.
    let plain = id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
    let origins = state
        .vault()
        .requests()
        .field_origins(&id)
        .await?
        .filter(|_| plain)
        .ok_or_else(|| Problem::new(Kind::NOT_FOUND, "There is no field at this address."))?;
    let nonce = Nonce::new();
    let policy = HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors {}",
        origins.join(" ")
    ))
    .map_err(Problem::internal)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, policy),
        // A page that isolates itself (COEP) shows only what allows it and isolates itself too (HTML, 7.1.4); who may show
        // this the policy says.
        (CORP, HeaderValue::from_static("cross-origin")),
        (COEP, HeaderValue::from_static("require-corp")),
    ];
    Ok((headers, page(&id, &origins, &nonce.to_string())).into_response())
}

/// `id` was a request's, and so is a UUID; origins have passed their rule, which has no character that means something in
/// HTML; only the JSON around them does.
fn page(id: &str, origins: &[String], nonce: &str) -> String {
    let origins = origins
        .iter()
        .map(|origin| format!("&quot;{origin}&quot;"))
        .collect::<Vec<_>>()
        .join(",");
    format!(
        r#"<!DOCTYPE html>
<html lang="en" data-request="{id}" data-origins="[{origins}]">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Secure field · Strongroom</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/embed/field.css">
<link rel="preload" as="style" href="/embed/frame/form.css">
<link rel="modulepreload" href="/embed/frame/form.js" nonce="{nonce}">
<link rel="modulepreload" href="/embed/frame/card.js" nonce="{nonce}">
<script type="module" src="/embed/field.js" nonce="{nonce}"></script>
</head>
<body>
<main id="field" aria-label="Secure field" aria-busy="true"></main>
<noscript>This field needs JavaScript. Use the link to the request instead.</noscript>
</body>
</html>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_shell_names_the_request_and_its_origins_and_nothing_else() {
        let origins = ["https://a.example".to_owned(), "https://b.example".to_owned()];
        let page = page("0190c0de-0000-7000-8000-000000000000", &origins, "n0nce");
        assert!(page.contains(r#"data-request="0190c0de-0000-7000-8000-000000000000""#));
        assert!(page.contains(r#"data-origins="[&quot;https://a.example&quot;,&quot;https://b.example&quot;]""#));
        assert!(page.contains(r#"nonce="n0nce""#));
    }
}
