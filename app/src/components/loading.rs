//! What depends on something that is still being loaded.

use std::pin::Pin;

use leptos::prelude::*;

use crate::erase::{Erase, Erased};

type Content = Pin<Box<dyn Future<Output = Erased> + Send>>;

/// Shows what `content` comes to, and `waiting` until then. When something that `content` awaited is loaded anew, the old
/// view stays until the new one is there.
///
/// The server waits for it before it sends the page.
pub(crate) fn loaded<F>(waiting: &'static str, content: impl Fn() -> F + Send + Sync + 'static) -> Erased
where
    F: Future<Output = Erased> + Send + 'static,
{
    transition(waiting, Box::new(move || Box::pin(content())))
}

/// One type for all contents: the framework's machinery for each type weighs kilobytes in the WASM.
fn transition(waiting: &'static str, content: Box<dyn Fn() -> Content + Send + Sync>) -> Erased {
    let fallback = move || (!waiting.is_empty()).then(|| view! { <p class="none">{waiting}</p> });
    view! { <Transition fallback>{move || Suspend::new(content())}</Transition> }.erased()
}
