//! What the browser runs: it takes over the page that the server rendered. It never grows; pages belong in `app`.

use leptos::__reexports::wasm_bindgen_futures::spawn_local;

/// Called by the page's script once the WASM is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // In release a panic's text would cost every visitor what only a developer reads.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    spawn_local(async {
        let path = leptos::prelude::location().pathname().unwrap_or_default();
        // Without its piece the page stays one without scripts.
        if app::load_for(&path).await.is_ok() {
            leptos::mount::hydrate_body(app::App);
        }
    });
}
