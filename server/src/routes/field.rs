//! The secure field inside a platform's page: what its frame asks with the field's own token. The one place beside the pages
//! where a person's value comes in.

pub(super) mod answer;
pub(super) mod open;
