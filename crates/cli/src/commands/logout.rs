//! `strongroom logout`: forgets the server and its token.

use crate::config::Settings;
use crate::failure::Failure;
use crate::output;

/// Removes the file of `login`. The token stays valid until it is revoked, and that is said.
pub(super) fn execute() -> Result<(), Failure> {
    let file = Settings::from_environment().login_file()?;
    if file.remove()? {
        output::print("Forgotten. The token itself stays valid until it is revoked on the Settings page.\n")
    } else {
        output::print("There was no login to forget.\n")
    }
}
