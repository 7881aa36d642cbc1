//! The routes: which address shows what.
//!
//! The router's own way of writing them gives each route a type, and nests these in each other: an eighth of the whole
//! client. Here all are of one type beneath, whatever they are made of.

use leptos::tachys::view::iterators::StaticVec;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::{
    NestedRoute, ParamSegment, PartialPathMatch, PathSegment, PossibleRouteMatch, SsrMode, StaticSegment,
};

use crate::erase::Erased;
use crate::pieces::Part;

/// Routes beside each other; the first that matches is shown.
pub(crate) type Routes = StaticVec<AnyNestedRoute>;

/// What a route shows.
#[derive(Clone, Copy)]
pub(crate) enum Shows {
    /// Something in a piece of its own.
    Part(Part),
    /// Something in the first piece.
    View(fn() -> Erased),
}

/// A route without others in it. A segment that begins with a colon stands for any, under that name.
pub(crate) fn route<const SEGMENTS: usize>(path: [&'static str; SEGMENTS], shows: Shows) -> AnyNestedRoute {
    single(Path::new(&path), shows)
}

/// A route with others in it, which its view shows in its outlet.
pub(crate) fn parent<const SEGMENTS: usize>(
    path: [&'static str; SEGMENTS],
    shows: Shows,
    inside: Vec<AnyNestedRoute>,
) -> AnyNestedRoute {
    nesting(Path::new(&path), shows, inside.into())
}

fn single(path: Path, shows: Shows) -> AnyNestedRoute {
    let route = NestedRoute::new(path, move || shows.view());
    // Every page is rendered whole before it is sent: one sent in pieces needs a script to put them in place.
    route.ssr_mode(SsrMode::Async).into_any_nested_route()
}

fn nesting(path: Path, shows: Shows, inside: Routes) -> AnyNestedRoute {
    let route = NestedRoute::new(path, move || shows.view());
    route.ssr_mode(SsrMode::Async).child(inside).into_any_nested_route()
}

impl Shows {
    fn view(self) -> Erased {
        match self {
            Self::Part(part) => part.view(),
            Self::View(view) => view(),
        }
    }
}

/// The segments of a path.
#[derive(Clone, Debug)]
struct Path(Vec<Segment>);

#[derive(Clone, Debug)]
enum Segment {
    Static(StaticSegment<&'static str>),
    Param(ParamSegment),
}

impl Path {
    fn new(segments: &[&'static str]) -> Self {
        let segment = |segment: &&'static str| match segment.strip_prefix(':') {
            Some(name) => Segment::Param(ParamSegment(name)),
            None => Segment::Static(StaticSegment(*segment)),
        };
        Self(segments.iter().map(segment).collect())
    }
}

impl PossibleRouteMatch for Path {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let (mut remaining, mut params, mut matched) = (path, Vec::new(), 0);
        for segment in &self.0 {
            let found = segment.test(remaining)?;
            remaining = found.remaining();
            matched += found.matched().len();
            params.extend(found.params());
        }
        Some(PartialPathMatch::new(remaining, params, path.get(..matched)?))
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        for segment in &self.0 {
            segment.generate_path(path);
        }
    }
}

impl PossibleRouteMatch for Segment {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        match self {
            Self::Static(segment) => segment.test(path),
            Self::Param(segment) => segment.test(path),
        }
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        match self {
            Self::Static(segment) => segment.generate_path(path),
            Self::Param(segment) => segment.generate_path(path),
        }
    }
}
