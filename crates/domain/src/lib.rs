//! What a secret may be called, what it may hold, and how it is written down.
//!
//! This crate holds the rules that every part of Strongroom agrees on, and does no I/O. It is compiled into the
//! server, into the command-line client and, as WebAssembly, into the page: what is said under a field as one types
//! is decided by the same code that decides again on the server.
//!
//! Each rule is a type that can only be made by passing it:
//!
//! ```
//! use domain::{NameError, SecretName, normalise};
//!
//! let name = SecretName::parse(&normalise(" notion api-key "))?;
//! assert_eq!(name.as_str(), "NOTION_API_KEY");
//! assert_eq!(SecretName::parse("2FA").unwrap_err(), NameError::LeadingDigit);
//! # Ok::<(), NameError>(())
//! ```
//!
//! Values are held by [`RawValue`] before the rule and [`SecretValue`] after it. Neither can be cloned, serialised
//! or printed, and both are wiped when dropped.

pub mod account;
pub mod chat;
pub mod description;
pub mod doctor;
pub mod env;
pub mod field_error;
pub mod guard;
pub mod import;
pub mod name;
pub mod request;
pub mod reserved;
pub mod scope;
pub mod services;
pub mod text;
pub mod timestamp;
pub mod value;
pub mod view;

pub use account::{LoginError, LoginName, PASSWORD_MAX, PASSWORD_MIN, PasswordError, check_password};
pub use description::{Description, DescriptionError};
pub use doctor::{Finding, Fixed, examine, value_in_file};
pub use env::{
    DotenvEntry, DotenvFile, DotenvProblem, EnvFormat, MAX_ENVIRONMENT_BYTES, Unrepresentable, entry_bytes, read_dotenv,
};
pub use field_error::FieldError;
pub use import::{ImportLine, read_import};
pub use name::{NameError, SecretName, normalise, normalise_as_typed};
pub use request::{
    AskedView, FieldSecret, FieldView, ObtainUrl, Outcome, RequestDraft, RequestStatus, RequestView, RequestedDraft,
    RequestedSecret, SecretRequest,
};
pub use reserved::{Reserved, reserved};
pub use scope::{Scope, ScopeError, Scopes};
pub use timestamp::Timestamp;
pub use value::{MAX_VALUE_BYTES, RawValue, SecretValue, ValueError};
pub use view::{
    ActivityKind, ActivityView, Page, PlatformView, SandboxView, SecretView, SessionView, Standing, TokenView,
    VersionView,
};
