//! `strongroom secrets history`, `put-back` and `forget`: the values that a secret has had. None is shown.

use std::fmt::Write as _;

use domain::{SecretName, VersionView};

use crate::api::{ApiError, Client};
use crate::failure::Failure;
use crate::output;

/// Prints when each value was stored, and by whom: for people, or as JSON for programs.
pub(super) fn list(client: &Client, name: &SecretName, json: bool) -> Result<(), Failure> {
    let versions = client.versions(name).map_err(|error| none(error, name, None))?;
    if json {
        let text =
            serde_json::to_string_pretty(&versions).map_err(|_| Failure::new("the list cannot be written as JSON"))?;
        return output::print(&format!("{text}\n"));
    }
    output::print(&table(&versions))
}

/// Puts an earlier value in force.
pub(super) fn put_back(client: &Client, name: &SecretName, version: i64) -> Result<(), Failure> {
    client
        .put_back(name, version)
        .map_err(|error| none(error, name, Some(version)))?;
    output::print(&format!("Value {version} of {name} is in force again.\n"))
}

/// Forgets the earlier values.
pub(super) fn forget(client: &Client, name: &SecretName) -> Result<(), Failure> {
    client.forget_versions(name).map_err(|error| none(error, name, None))?;
    output::print(&format!("Forgot the earlier values of {name}.\n"))
}

fn none(error: ApiError, name: &SecretName, version: Option<i64>) -> Failure {
    if error.refused_with(404).is_none() {
        return error.into();
    }
    Failure::new(match version {
        Some(version) => format!(
            "{name} has no earlier value {version}, or there is no such secret: `strongroom secrets history {name}` shows them"
        ),
        None => format!("there is no secret named {name}: `strongroom secrets list` shows the names"),
    })
}

fn table(versions: &[VersionView]) -> String {
    let mut text = "VERSION  STORED      BY\n".to_owned();
    for version in versions {
        let in_force = if version.in_force { "  (in force)" } else { "" };
        let _ = writeln!(
            text,
            "{:<7}  {}  {}{in_force}",
            version.version,
            version.created_at.date(),
            output::printable(&version.created_by),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    #[test]
    fn each_value_is_one_line() {
        let version = |version, in_force| VersionView {
            version,
            created_at: Timestamp(86_400_000 * version),
            created_by: "API token\nci".to_owned(),
            in_force,
        };
        assert_eq!(
            table(&[version(12, true), version(3, false)]),
            "VERSION  STORED      BY\n\
             12       1970-01-13  API token ci  (in force)\n\
             3        1970-01-04  API token ci\n"
        );
    }
}
