//! Views without their type, at the least weight.
//!
//! Every page and component ends in [`Erase::erased`]: types that nest views in views make the compiler slow. The
//! framework's own `AnyView` would do, but it brings three ways of showing each view into the WASM that no page here
//! needs: hydrating it asynchronously, which is for lazy routes alone; patching one such view with another, which are
//! shown anew here; and spreading attributes onto it. A tenth of all code.

mod children;

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::{Element, Node, Placeholder};
use leptos::tachys::ssr::StreamBuilder;
use leptos::tachys::view::{Mountable, Position, PositionState, Render};
#[cfg(feature = "ssr")]
use std::pin::Pin;

pub(crate) use children::Children;

/// What the server writes for a view that is nothing, so that its place is found again.
#[cfg(feature = "ssr")]
const PLACEHOLDER: &str = "<!--<() />-->";

/// Takes a view's type away.
pub(crate) trait Erase {
    /// The same view, of the type that all erased views have.
    fn erased(self) -> Erased;
}

impl<T: RenderHtml> Erase for T {
    fn erased(self) -> Erased {
        Erased(Box::new(self.into_owned()))
    }
}

/// A view of whatever type. Shown anew rather than patched when another takes its place; attributes that are spread onto
/// it are dropped.
pub(crate) struct Erased(Box<dyn AnyPiece>);

/// What has to be known of a view. What is for the server alone is not in the WASM at all: the compiler cannot leave out
/// what a table of functions names.
trait AnyPiece: Send {
    fn build(self: Box<Self>) -> Shown;
    #[cfg(feature = "hydrate")]
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Shown;
    #[cfg(feature = "ssr")]
    fn dry_resolve(&mut self);
    #[cfg(feature = "ssr")]
    fn resolve(self: Box<Self>) -> Pin<Box<dyn Future<Output = Erased> + Send>>;
    #[cfg(feature = "ssr")]
    fn html_len(&self) -> usize;
    #[cfg(feature = "ssr")]
    fn to_html(
        self: Box<Self>,
        buf: &mut String,
        at: &mut Position,
        escape: bool,
        mark: bool,
        extra: Vec<AnyAttribute>,
    );
    #[cfg(feature = "ssr")]
    fn to_stream(
        self: Box<Self>,
        out_of_order: bool,
        buf: &mut StreamBuilder,
        at: &mut Position,
        escape: bool,
        mark: bool,
        extra: Vec<AnyAttribute>,
    );
}

impl<T: RenderHtml + 'static> AnyPiece for T {
    fn build(self: Box<Self>) -> Shown {
        Shown {
            state: Box::new((*self).build()),
            placeholder: (!T::EXISTS).then(Rndr::create_placeholder),
        }
    }

    #[cfg(feature = "hydrate")]
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Shown {
        Shown {
            state: Box::new((*self).hydrate::<true>(cursor, position)),
            placeholder: (!T::EXISTS).then(|| cursor.next_placeholder(position)),
        }
    }

    #[cfg(feature = "ssr")]
    fn dry_resolve(&mut self) {
        RenderHtml::dry_resolve(self);
    }

    #[cfg(feature = "ssr")]
    fn resolve(self: Box<Self>) -> Pin<Box<dyn Future<Output = Erased> + Send>> {
        Box::pin(async move { RenderHtml::resolve(*self).await.erased() })
    }

    #[cfg(feature = "ssr")]
    fn html_len(&self) -> usize {
        RenderHtml::html_len(self)
    }

    #[cfg(feature = "ssr")]
    fn to_html(
        self: Box<Self>,
        buf: &mut String,
        at: &mut Position,
        escape: bool,
        mark: bool,
        extra: Vec<AnyAttribute>,
    ) {
        (*self).to_html_with_buf(buf, at, escape, mark, extra);
        if !T::EXISTS {
            buf.push_str(PLACEHOLDER);
        }
    }

    #[cfg(feature = "ssr")]
    fn to_stream(
        self: Box<Self>,
        out_of_order: bool,
        buf: &mut StreamBuilder,
        at: &mut Position,
        escape: bool,
        mark: bool,
        extra: Vec<AnyAttribute>,
    ) {
        if out_of_order {
            (*self).to_html_async_with_buf::<true>(buf, at, escape, mark, extra);
        } else {
            (*self).to_html_async_with_buf::<false>(buf, at, escape, mark, extra);
        }
        if !T::EXISTS {
            buf.push_sync(PLACEHOLDER);
        }
    }
}

/// An erased view in the page.
pub(crate) struct Shown {
    state: Box<dyn Mountable>,
    /// Holds the place of a view that is nothing.
    placeholder: Option<Placeholder>,
}

impl Mountable for Shown {
    fn unmount(&mut self) {
        self.state.unmount();
        if let Some(placeholder) = &mut self.placeholder {
            placeholder.unmount();
        }
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.state.mount(parent, marker);
        if let Some(placeholder) = &mut self.placeholder {
            placeholder.mount(parent, marker);
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.state.insert_before_this(child)
            || self
                .placeholder
                .as_ref()
                .is_some_and(|placeholder| placeholder.insert_before_this(child))
    }

    fn elements(&self) -> Vec<Element> {
        self.state.elements()
    }
}

impl Render for Erased {
    type State = Shown;

    fn build(self) -> Shown {
        self.0.build()
    }

    fn rebuild(self, state: &mut Shown) {
        let mut new = self.0.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl AddAnyAttr for Erased {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self::Output<NewAttr> {
        self
    }
}

#[cfg_attr(
    not(feature = "ssr"),
    expect(
        unused_variables,
        reason = "writing HTML is the server's; a browser never asks for it"
    )
)]
impl RenderHtml for Erased {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {
        #[cfg(feature = "ssr")]
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self {
        #[cfg(feature = "ssr")]
        return self.0.resolve().await;
        #[cfg(not(feature = "ssr"))]
        self
    }

    fn html_len(&self) -> usize {
        #[cfg(feature = "ssr")]
        return self.0.html_len();
        #[cfg(not(feature = "ssr"))]
        0
    }

    fn to_html_with_buf(self, buf: &mut String, at: &mut Position, escape: bool, mark: bool, extra: Vec<AnyAttribute>) {
        #[cfg(feature = "ssr")]
        self.0.to_html(buf, at, escape, mark, extra);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        at: &mut Position,
        escape: bool,
        mark: bool,
        extra: Vec<AnyAttribute>,
    ) {
        #[cfg(feature = "ssr")]
        self.0.to_stream(OUT_OF_ORDER, buf, at, escape, mark, extra);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Shown {
        #[cfg(feature = "hydrate")]
        return self.0.hydrate(cursor, position);
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = (cursor, position);
            self.0.build()
        }
    }

    fn into_owned(self) -> Self {
        self
    }
}
