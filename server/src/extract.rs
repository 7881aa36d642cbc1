//! What handlers read from a request. Each extractor refuses with a [`Problem`](crate::problem::Problem) that names
//! the part of the request that is wrong, and never repeats what was sent.

mod body;
mod caller;
mod expected;
mod json;
mod origin;
mod path;
mod query;

pub(crate) use caller::{
    ApiCaller, FieldCaller, ForAnybody, ForSomebody, Platform, Requester, SandboxCaller, Watcher,
    only_platforms_name_accounts,
};
pub(crate) use json::Json;
#[cfg(feature = "fuzzing")]
pub(crate) use json::parse_json;
pub(crate) use origin::origin;
pub(crate) use path::{IdInPath, NameInPath};
pub(crate) use query::{Parameters, names};
