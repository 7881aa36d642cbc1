//! What stands inside a component.

use leptos::children::ToChildren;
use leptos::prelude::RenderHtml;

use super::{Erase, Erased};

/// The content of a component, made once. As the framework's own type of that name, with our erased view.
pub(crate) struct Children(Box<dyn FnOnce() -> Erased + Send>);

impl Children {
    /// Makes the content.
    pub(crate) fn show(self) -> Erased {
        (self.0)()
    }
}

impl<F, C> ToChildren<F> for Children
where
    F: FnOnce() -> C + Send + 'static,
    C: RenderHtml + Send + 'static,
{
    fn to_children(content: F) -> Self {
        Self(Box::new(move || content().erased()))
    }
}
