//! `strongroom secrets import`: a `.env` file, all of it or nothing.

use std::fs::File;
use std::io::{Read, stdin};

use domain::{DotenvEntry, SecretName, SecretValue, read_dotenv};
use zeroize::Zeroizing;

use crate::api::{Client, NewSecret};
use crate::args::ImportArgs;
use crate::failure::Failure;
use crate::output;

/// More than all the values of one account can be, with room for comments.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Reads, checks every line, and sends the whole in one call.
pub(super) fn execute(client: &Client, asked: &ImportArgs) -> Result<(), Failure> {
    let text = read(asked)?;
    let secrets = parse(&text)?;
    let batch: Vec<NewSecret<'_>> = secrets
        .iter()
        .map(|(name, value)| NewSecret::new(name, value, None))
        .collect();
    let imported = client.import_secrets(&batch, asked.replace).map_err(|error| {
        match error.refused_with(409).filter(|problem| problem.is("taken")) {
            Some(problem) => Failure::new(format!(
                "{} exists already, so nothing was imported: --replace gives the names that exist the values of the file",
                problem.names.join(", "),
            )),
            None => error.into(),
        }
    })?;
    output::print(&format!(
        "Imported: {} new, {} replaced.\n",
        imported.created, imported.replaced
    ))
}

fn read(asked: &ImportArgs) -> Result<Zeroizing<String>, Failure> {
    let shown = asked.shown();
    let mut bytes = Zeroizing::new(Vec::new());
    let input: Result<Box<dyn Read>, _> = if asked.is_stdin() {
        Ok(Box::new(stdin()))
    } else {
        File::open(&asked.file).map(|file| Box::new(file) as _)
    };
    input
        .and_then(|input| input.take(MAX_FILE_BYTES.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| Failure::new(format!("{shown} cannot be read: {error}")))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_FILE_BYTES {
        return Err(Failure::new(format!(
            "{shown} is longer than 4 MiB, which is more than one account can hold"
        )));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => Err(Failure::new(format!(
            "{shown} is not UTF-8 text (at byte {})",
            error.valid_up_to()
        ))),
    }
}

/// The secrets of the file. Everything that is wrong is said at once, with its line; nothing says a value.
fn parse(text: &str) -> Result<Vec<(SecretName, SecretValue)>, Failure> {
    let file = read_dotenv(text);
    let mut problems: Vec<(usize, String)> = file
        .problems
        .into_iter()
        .map(|problem| (problem.line, problem.message))
        .collect();
    let mut secrets = Vec::with_capacity(file.entries.len());
    for entry in file.entries {
        let line = entry.line;
        if let Some(replaced) = entry.replaces_line {
            output::note(&format!(
                "line {line}: the same name as in line {replaced}; this one counts"
            ));
        }
        match check(entry) {
            Ok(secret) => secrets.push(secret),
            Err(message) => problems.push((line, message)),
        }
    }
    if !problems.is_empty() {
        problems.sort();
        let mut lines: Vec<String> = problems
            .iter()
            .map(|(line, message)| format!("line {line}: {message}"))
            .collect();
        lines.push("nothing was imported".to_owned());
        return Err(Failure::new(lines.join("\n")));
    }
    if secrets.is_empty() {
        return Err(Failure::new(
            "there is no NAME=value line in it, so nothing was imported",
        ));
    }
    Ok(secrets)
}

/// A name is repeated only where it is one: of a key pasted without quotes, a line can look like `name=`.
fn check(entry: DotenvEntry) -> Result<(SecretName, SecretValue), String> {
    let name = match SecretName::parse(&entry.name) {
        Ok(name) => name,
        Err(error) => {
            let shown = SecretName::from_stored(&entry.name)
                .map(|name| format!("{name}: "))
                .unwrap_or_default();
            return Err(format!("{shown}{error}"));
        }
    };
    let value = entry.value.check().map_err(|error| format!("{name}: {error}"))?;
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn the_last_of_two_equal_names_counts() {
        let secrets = parse("A=1\nB='two\nlines'\nA=3\n").unwrap();
        let mut found: Vec<(&str, &str)> = secrets
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose()))
            .collect();
        found.sort_unstable();
        assert_eq!(found, [("A", "3"), ("B", "two\nlines")]);
    }

    #[test]
    fn everything_wrong_is_said_with_its_line_and_without_values() {
        let failure = parse("GOOD=hunter2\nlower=hunter2\nPATH=hunter2\nEMPTY=\n2FA=hunter2\n")
            .err()
            .unwrap();
        let said = failure.message();
        for line in ["line 2: ", "line 3: ", "line 4: ", "line 5: ", "nothing was imported"] {
            assert!(said.contains(line), "{line} in {said}");
        }
        assert!(!said.contains("hunter2"), "{said}");
    }

    #[test]
    fn a_file_without_secrets_is_no_import() {
        assert!(
            parse("# nothing\n\n")
                .err()
                .unwrap()
                .message()
                .contains("no NAME=value")
        );
    }
}
