//! The routes: which address shows what.
//!
//! The router's own way of writing them gives each route a type, and nests these in each other: an eighth of the whole
//! client. Here they are a table, and all of one type beneath.

use leptos::prelude::*;
use leptos::tachys::view::iterators::StaticVec;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::{
    NestedRoute, ParamSegment, PartialPathMatch, PathSegment, PossibleRouteMatch, SsrMode, StaticSegment,
};

use crate::erase::{Erase, Erased};
use crate::pages::frame::Frame;
use crate::pages::secrets::Secrets;
use crate::pieces::Part;

/// A route: its path within the one around it, what it shows, and the routes inside, which that shows in its outlet. A
/// segment of the path that begins with a colon stands for any, under that name.
struct Way(&'static str, Shows, &'static [Way]);

/// What a route shows.
#[derive(Clone, Copy)]
enum Shows {
    /// Something in a piece of its own.
    Part(Part),
    /// Something in the first piece.
    View(fn() -> Erased),
}

const FRAME: Shows = Shows::View(|| view! { <Frame /> }.erased());
const SECRETS: Shows = Shows::View(|| view! { <Secrets /> }.erased());
const NOTHING: Shows = Shows::View(|| ().erased());

/// All of them. A dialog is a route inside its page, so that it has an address, works without scripts, and Back closes it.
const WAYS: &[Way] = &[
    Way("", Shows::Part(Part::Start), &[]),
    Way("sign-in", Shows::Part(Part::SignIn), &[]),
    Way("sign-up", Shows::Part(Part::SignUp), &[]),
    Way("r/:id", Shows::Part(Part::Request), &[]),
    Way("", FRAME, FRAMED),
];

const FRAMED: &[Way] = &[
    Way(
        "secrets",
        SECRETS,
        &[
            Way("", NOTHING, &[]),
            Way("new", Shows::Part(Part::AddSecret), &[]),
            Way("import", Shows::Part(Part::Import), &[]),
            Way(":name/use", Shows::Part(Part::UseSecret), &[]),
            Way(":name/edit", Shows::Part(Part::EditSecret), &[]),
            Way(":name/history", Shows::Part(Part::History), &[]),
            Way(":name/delete", Shows::Part(Part::DeleteSecret), &[]),
        ],
    ),
    Way("chat", Shows::Part(Part::Chat), CHATS),
    Way("activity", Shows::Part(Part::Activity), &[]),
    Way(
        "settings",
        Shows::Part(Part::Settings),
        &[
            Way("", NOTHING, &[]),
            Way("tokens/new", Shows::Part(Part::AddToken), &[]),
            Way("platforms/new", Shows::Part(Part::AddPlatform), &[]),
            Way("platforms/rotate", Shows::Part(Part::RotatePlatform), &[]),
            Way("delete-account", Shows::Part(Part::DeleteAccount), &[]),
        ],
    ),
];

const CHATS: &[Way] = &[
    Way("", Shows::Part(Part::NewChat), &[]),
    Way(
        ":id",
        Shows::Part(Part::Conversation),
        &[
            Way("", NOTHING, &[]),
            Way("options", Shows::Part(Part::OptionsOfChat), &[]),
        ],
    ),
];

/// All of them, as the router takes them.
pub(crate) fn all() -> StaticVec<AnyNestedRoute> {
    routes(WAYS)
}

/// Routes beside each other: the first that matches is shown.
fn routes(ways: &[Way]) -> StaticVec<AnyNestedRoute> {
    ways.iter().map(route).collect::<Vec<_>>().into()
}

fn route(Way(path, shows, inside): &Way) -> AnyNestedRoute {
    let (path, shows) = (Path::new(path), *shows);
    // Every page is rendered whole before it is sent: one sent in pieces needs a script to put them in place.
    let route = NestedRoute::new(path, move || shows.view()).ssr_mode(SsrMode::Async);
    if inside.is_empty() {
        route.into_any_nested_route()
    } else {
        route.child(routes(inside)).into_any_nested_route()
    }
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
    fn new(path: &'static str) -> Self {
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let segment = |segment: &'static str| match segment.strip_prefix(':') {
            Some(name) => Segment::Param(ParamSegment(name)),
            None => Segment::Static(StaticSegment(segment)),
        };
        Self(segments.map(segment).collect())
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
