//! What the browser runs: it takes over the page that the server rendered. It never grows; pages belong in `app`.

/// Called by the page's script once the WASM is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // In release a panic's text would cost every visitor what only a developer reads.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    leptos::mount::hydrate_body(app::App);
}
