//! The HTML document around the application, which only the server writes.

mod drawings;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use self::drawings::Drawings;
use crate::App;
use crate::erase::Erase;
use crate::ssr::Backend;

/// The whole page. Without the script or the WASM among the assets, it is a page without scripts.
pub fn shell(backend: Backend) -> impl IntoView {
    let assets = backend.assets;
    let client = assets.js.zip(assets.wasm);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#fbfbfa" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#131416" media="(prefers-color-scheme: dark)" />
                <meta name="description" content="Secrets for AI agents." />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {assets.css.map(|css| view! { <link rel="stylesheet" href=css /> })}
                {client.map(|(js, wasm)| view! { <Client js wasm /> })} <MetaTags />
            </head>
            <body>
                <App />
                // After the application, which takes over the body from its first element on.
                <Drawings />
            </body>
        </html>
    }
    .erased()
}

/// Loads the WASM client. The framework's own component builds the paths from settings that this build does not have.
///
/// The nonce stands on the preload too: it is the start of a script's download, and `strict-dynamic` asks for it there.
#[component]
fn Client(js: String, wasm: String) -> impl IntoView {
    // Both paths come from the build of the site and hold no quotes; `{:?}` writes them as JavaScript strings.
    let start =
        format!("import start, {{ hydrate }} from {js:?};\nawait start({{ module_or_path: {wasm:?} }});\nhydrate();");
    view! {
        <link rel="modulepreload" href=js nonce=use_nonce() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=use_nonce()>
            {start}
        </script>
    }
}
