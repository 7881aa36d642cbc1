//! `strongroom secrets set`.

use std::io::{IsTerminal, Read, stdin};

use domain::{MAX_VALUE_BYTES, RawValue, SecretValue, ValueError};

use crate::api::{Client, NewSecret};
use crate::args::SetArgs;
use crate::failure::Failure;
use crate::{output, prompt};

/// Creates the secret, or gives it a new value. Its description stays unless another is given.
pub(super) fn execute(client: &Client, asked: &SetArgs) -> Result<(), Failure> {
    let name = &asked.name;
    let value = if stdin().is_terminal() {
        // Asked once: a value is pasted, not typed, and can simply be set again.
        let typed = prompt::hidden(&format!("Value of {name} (hidden): "))?;
        RawValue::new(typed.to_string())
            .check()
            .map_err(|error| bad_value(&error))?
    } else {
        from_stdin()?
    };
    let secret = NewSecret::new(name, &value, asked.description.as_ref());
    match client.create_secret(&secret) {
        Ok(()) => output::print(&format!("Created {name}.\n"))?,
        Err(error) if error.refused_with(409).is_some_and(|problem| problem.is("taken")) => {
            client.change_secret(&secret)?;
            output::print(&format!("Replaced the value of {name}.\n"))?;
        }
        Err(error) => return Err(error.into()),
    }
    if ends_in_a_stray_line_break(value.expose()) {
        output::note(
            "the value ends in a line break, which was saved with it: if it does not belong there, set it again with \
             printf '%s' instead of echo",
        );
    }
    Ok(())
}

/// Standard input to its end, exactly.
fn from_stdin() -> Result<SecretValue, Failure> {
    let limit = MAX_VALUE_BYTES.saturating_add(1);
    let mut bytes = Vec::with_capacity(limit);
    stdin()
        .take(u64::try_from(limit).unwrap_or(u64::MAX))
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("the value cannot be read from standard input: {error}")))?;
    if bytes.len() > MAX_VALUE_BYTES {
        return Err(Failure::new(format!(
            "the value is longer than {MAX_VALUE_BYTES} bytes (64 KiB): nothing was saved"
        )));
    }
    SecretValue::from_bytes(bytes).map_err(|error| bad_value(&error))
}

fn bad_value(error: &ValueError) -> Failure {
    Failure::new(format!("the value cannot be saved: {error}"))
}

/// What `echo value | strongroom secrets set NAME` leaves, and hardly ever belongs to a key of one line. Files of
/// several lines end in one rightly.
fn ends_in_a_stray_line_break(value: &str) -> bool {
    value
        .strip_suffix('\n')
        .is_some_and(|rest| !rest.trim_end_matches('\r').contains('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_single_line_with_a_line_break_is_remarked_on() {
        assert!(ends_in_a_stray_line_break("key\n"));
        assert!(ends_in_a_stray_line_break("key\r\n"));
        assert!(!ends_in_a_stray_line_break("key"));
        assert!(!ends_in_a_stray_line_break("-----BEGIN\nabc\n-----END\n"));
    }
}
