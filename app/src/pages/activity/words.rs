//! What was done, in words.

use domain::ActivityKind;

/// As a sentence's end: *what* was done.
pub(super) fn in_words(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::EnvFetched => "Fetched",
        ActivityKind::EnvRefused => "Refused to a sandbox",
        ActivityKind::SecretCreated => "Added",
        ActivityKind::SecretChanged => "Changed",
        ActivityKind::SecretDeleted => "Deleted",
        ActivityKind::SecretPutBack => "Earlier value put back",
        ActivityKind::HistoryForgotten => "Earlier values forgotten",
        ActivityKind::SecretCompared => "Compared with a typed value",
        ActivityKind::SandboxOpened => "Sandbox opened",
        ActivityKind::SandboxClosed => "Sandbox closed",
        ActivityKind::RequestMade => "Asked for",
        ActivityKind::RequestStored => "Request answered",
        ActivityKind::RequestSkipped => "Request skipped",
        ActivityKind::RequestExpired => "Request expired",
        ActivityKind::RequestCancelled => "Request taken back",
        ActivityKind::RequestRefused => "Request kept from somebody else",
        ActivityKind::PlatformAdded => "Platform added",
        ActivityKind::PlatformRotated => "Platform's key replaced",
        ActivityKind::PlatformRemoved => "Platform removed",
        ActivityKind::TokenCreated => "API token made",
        ActivityKind::TokenRevoked => "API token revoked",
        ActivityKind::KeysRotated => "Keys replaced",
        ActivityKind::BackedUp => "Server backed up",
        ActivityKind::Restored => "Server restored from a backup",
        ActivityKind::ValuesAccepted => "Values accepted by the operator",
        ActivityKind::SignedUp => "Account made",
        ActivityKind::SignedIn => "Signed in",
        ActivityKind::SignInRefused => "Sign-in refused",
        ActivityKind::SignedOut => "Signed out",
        ActivityKind::SessionEnded => "A browser was signed out",
        ActivityKind::PasswordChanged => "Password changed",
    }
}

/// Whether somebody did not get what they asked for.
pub(super) fn is_refusal(kind: ActivityKind) -> bool {
    matches!(
        kind,
        ActivityKind::EnvRefused | ActivityKind::SignInRefused | ActivityKind::RequestRefused
    )
}
