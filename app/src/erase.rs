//! Views without their type, at the least weight.
//!
//! Every page and component ends in [`Erase::erased`]: types that nest views in views make the compiler slow. The
//! framework's own `into_any` would do, but it puts a second, asynchronous way of hydrating into the WASM for each type,
//! which only a view with a lazy route inside needs: 60 KB of the page's weight, compressed.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::ssr::StreamBuilder;
use leptos::tachys::view::{Position, PositionState};

/// Takes a view's type away.
pub(crate) trait Erase {
    /// The same view, of the type that all erased views have. Attributes that are spread onto it are dropped.
    fn erased(self) -> AnyView;
}

impl<T: RenderHtml + Send> Erase for T {
    fn erased(self) -> AnyView {
        Settled(self.into_owned()).into_any()
    }
}

/// A view whose parts are all there when it is hydrated: it has no asynchronous way, and takes none of its parts'. (The
/// trait's own asynchronous way is the synchronous one.)
struct Settled<T>(T);

impl<T: Render> Render for Settled<T> {
    type State = T::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

impl<T: RenderHtml + Send> AddAnyAttr for Settled<T> {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self::Output<NewAttr> {
        self
    }
}

impl<T: RenderHtml + Send> RenderHtml for Settled<T> {
    type AsyncOutput = T::AsyncOutput;
    type Owned = Settled<T::Owned>;

    const MIN_LENGTH: usize = T::MIN_LENGTH;
    const EXISTS: bool = T::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    fn resolve(self) -> impl Future<Output = Self::AsyncOutput> + Send {
        self.0.resolve()
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_async_with_buf::<OUT_OF_ORDER>(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self::Owned {
        Settled(self.0.into_owned())
    }
}
