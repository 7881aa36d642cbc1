//! What a `.env` file would become: for each line the name it gets, or why it cannot be stored.
//!
//! Read by the page for its preview and by the server that stores it, so that both see the same lines.

use std::collections::BTreeMap;

use crate::{DotenvEntry, SecretName, SecretValue, normalise, read_dotenv};

/// One variable of the file, or one line that could not be read.
#[derive(Debug)]
pub struct ImportLine {
    /// The line it begins on, counting from 1.
    pub line: usize,
    /// The name as it stands there; empty where there is none to be read.
    pub written: String,
    /// An earlier line that sets the same name, and does not count.
    pub replaces_line: Option<usize>,
    /// What it becomes, or why it cannot: a sentence that never holds a piece of the file but a name.
    pub becomes: Result<(SecretName, SecretValue), String>,
}

/// Reads a `.env` file as a list of secrets, in the order of its lines.
///
/// Names are turned into valid ones as the field for names does it: `my-key.prod` becomes `MY_KEY_PROD`. Two names that
/// become the same one are both refused: which of them is meant, only their owner knows.
#[must_use]
pub fn read_import(text: &str) -> Vec<ImportLine> {
    let file = read_dotenv(text);
    let mut lines: Vec<ImportLine> = file.entries.into_iter().map(line).collect();
    lines.extend(file.problems.into_iter().map(|problem| ImportLine {
        line: problem.line,
        written: String::new(),
        replaces_line: None,
        becomes: Err(sentence(&problem.message)),
    }));
    lines.sort_by_key(|line| line.line);
    refuse_doubles(&mut lines);
    lines
}

fn line(entry: DotenvEntry) -> ImportLine {
    let name = SecretName::parse(&normalise(&entry.name)).map_err(|error| error.to_string());
    ImportLine {
        line: entry.line,
        replaces_line: entry.replaces_line,
        becomes: name.and_then(|name| match entry.value.check() {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(error.to_string()),
        }),
        written: entry.name,
    }
}

fn refuse_doubles(lines: &mut [ImportLine]) {
    let mut by_name: BTreeMap<SecretName, Vec<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        if let Ok((name, _)) = &line.becomes {
            by_name.entry(name.clone()).or_default().push(index);
        }
    }
    for (name, indexes) in by_name {
        if indexes.len() < 2 {
            continue;
        }
        let numbers: Vec<usize> = indexes
            .iter()
            .filter_map(|&index| lines.get(index).map(|line| line.line))
            .collect();
        for index in indexes {
            if let Some(line) = lines.get_mut(index) {
                let others: Vec<String> = numbers
                    .iter()
                    .filter(|&&number| number != line.line)
                    .map(ToString::to_string)
                    .collect();
                let others = others.join(", ");
                line.becomes = Err(format!(
                    "It becomes {name}, as line {others} does. Rename one of them in the file, or remove it."
                ));
            }
        }
    }
}

/// The readers' messages go on after `Line 3:`; here each stands alone.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn outcome(text: &str) -> Vec<(usize, String)> {
        read_import(text)
            .into_iter()
            .map(|line| {
                let said = match line.becomes {
                    Ok((name, value)) => format!("{} -> {name}={}", line.written, value.expose()),
                    Err(message) => message,
                };
                (line.line, said)
            })
            .collect()
    }

    #[test]
    fn names_are_mapped_and_values_kept() {
        let found = outcome("my-key.prod='a b'\nexport OTHER=2\n");
        assert_eq!(
            found,
            [
                (1, "my-key.prod -> MY_KEY_PROD=a b".to_owned()),
                (2, "OTHER -> OTHER=2".to_owned())
            ]
        );
    }

    #[test]
    fn what_cannot_be_stored_says_why_in_its_place() {
        let found = outcome("A=1\nPATH=/bin\n2FA=x\nEMPTY=\nnonsense\nB=2\n");
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6]);
        let said = |line: usize| found.iter().find(|(at, _)| *at == line).map(|(_, said)| said.clone());
        assert!(said(2).expect("a line").contains("reserved"));
        assert!(said(3).expect("a line").contains("digit"));
        assert!(said(4).expect("a line").contains("empty"));
        assert!(said(5).expect("a line").starts_with("There is no “=”"));
    }

    #[test]
    fn two_names_that_become_one_are_both_refused() {
        let found = outcome("my-key=1\nMY_KEY=2\nOTHER=3\n");
        assert!(found.first().expect("a line").1.contains("MY_KEY, as line 2"));
        assert!(found.get(1).expect("a line").1.contains("MY_KEY, as line 1"));
        assert_eq!(found.get(2).expect("a line").1, "OTHER -> OTHER=3");
    }

    #[test]
    fn the_last_line_of_a_name_counts_and_says_which_it_replaces() {
        let lines = read_import("A=1\nA=2\n");
        assert_eq!(lines.len(), 1);
        let only = lines.first().expect("one line");
        assert_eq!((only.line, only.replaces_line), (2, Some(1)));
    }
}
