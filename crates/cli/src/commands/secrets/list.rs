//! `strongroom secrets list`.

use std::fmt::Write as _;

use domain::{SecretView, Timestamp};

use crate::api::Client;
use crate::failure::Failure;
use crate::output;

/// Prints the names and what is known of them: for people, or as JSON for programs.
pub(super) fn execute(client: &Client, json: bool) -> Result<(), Failure> {
    let secrets = client.secrets()?;
    if json {
        let text =
            serde_json::to_string_pretty(&secrets).map_err(|_| Failure::new("the list cannot be written as JSON"))?;
        return output::print(&format!("{text}\n"));
    }
    if secrets.is_empty() {
        output::note("no secrets yet: add one with `strongroom secrets set NAME`");
        return Ok(());
    }
    output::print(&table(&secrets))
}

fn table(secrets: &[SecretView]) -> String {
    let width = secrets
        .iter()
        .map(|secret| secret.name.as_str().len())
        .max()
        .unwrap_or(0)
        .max("NAME".len());
    let mut text = format!("{:width$}  CHANGED     LAST USED   DESCRIPTION\n", "NAME");
    for secret in secrets {
        let line = format!(
            "{:width$}  {}  {:10}  {}",
            secret.name.as_str(),
            secret.changed_at.date(),
            secret.last_used_at.map_or_else(|| "never".to_owned(), Timestamp::date),
            output::printable(&secret.description),
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn each_secret_is_one_line() {
        let views = r#"[{"id":"1","name":"LONG_ENOUGH","description":"two\nlines","created_at":0,"changed_at":0,
            "updated_at":0,"last_used_at":86400000,"last_used_by":"x","etag":"e"},
            {"id":"2","name":"B","description":"","created_at":0,"changed_at":0,"updated_at":0,"last_used_at":null,
            "last_used_by":null,"etag":"e"}]"#;
        let views: Vec<SecretView> = serde_json::from_str(views).unwrap();
        let expected = "NAME         CHANGED     LAST USED   DESCRIPTION\n\
                        LONG_ENOUGH  1970-01-01  1970-01-02  two lines\n\
                        B            1970-01-01  never\n";
        assert_eq!(table(&views), expected);
    }
}
