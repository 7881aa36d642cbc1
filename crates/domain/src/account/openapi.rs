//! The schema of [`LoginName`], written out because utoipa derives one from a single field only.

use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::LoginName;

impl PartialSchema for LoginName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(Self::MAX_CHARS))
            .description(Some("What a person signs in as. Capitals make no difference."))
            .into()
    }
}

impl ToSchema for LoginName {}
