//! `strongroom secrets rm`.

use domain::SecretName;

use crate::api::Client;
use crate::environment::listed;
use crate::failure::Failure;
use crate::output;

/// Removes them one by one, and says at the end which were not there.
pub(super) fn execute(client: &Client, names: &[SecretName]) -> Result<(), Failure> {
    let mut absent = Vec::new();
    for name in names {
        match client.delete_secret(name) {
            Ok(()) => output::print(&format!("Removed {name}.\n"))?,
            Err(error) if error.refused_with(404).is_some() => absent.push(name.as_str()),
            Err(error) => return Err(error.into()),
        }
    }
    if absent.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "there is no secret named {}: `strongroom secrets list` shows the names",
        listed(&absent)
    )))
}
