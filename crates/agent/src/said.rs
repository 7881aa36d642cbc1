//! What a message says, as far as one can tell without understanding it: names of secrets, and code to be run.

use domain::SecretName;
use domain::chat::{Block, Inline, Language};

use crate::markdown;

/// A message, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Secrets that it speaks of or that its code reads, in the order they appear, each once.
    pub(crate) names: Vec<SecretName>,
    /// Code in fences.
    pub(crate) code: Vec<(Language, String)>,
    /// Fences of which nobody can tell the language.
    pub(crate) unknown: Vec<String>,
    /// The words around it, in lower case.
    pub(crate) words: String,
}

/// How code reads a variable of its environment: what stands before the name.
const READS: [&str; 9] = [
    "environ[\"",
    "environ['",
    "environ.get(\"",
    "environ.get('",
    "getenv(\"",
    "getenv('",
    "process.env.",
    "process.env[\"",
    "process.env['",
];

pub(crate) fn said(message: &str) -> Said {
    let mut said = Said::default();
    for block in markdown::blocks(message) {
        said.take(block);
    }
    said.words = said.words.to_lowercase();
    said
}

impl Said {
    fn take(&mut self, block: Block) {
        match block {
            Block::Code(tag, code) => match Language::from_tag(&tag) {
                Some(language) => {
                    for name in read_by(&code, language) {
                        self.name(name);
                    }
                    self.code.push((language, code));
                }
                None => self.unknown.push(tag),
            },
            Block::Paragraph(inside) | Block::Heading(_, inside) => self.inlines(&inside),
            Block::List(_, items) => items.into_iter().flatten().for_each(|block| self.take(block)),
            Block::Quote(blocks) => blocks.into_iter().for_each(|block| self.take(block)),
            Block::Table(head, rows) => {
                let cells = head.iter().chain(rows.iter().flatten());
                cells.for_each(|cell| self.inlines(cell));
            }
            Block::Rule => {}
        }
    }

    fn inlines(&mut self, inside: &[Inline]) {
        for part in inside {
            match part {
                Inline::Text(words) | Inline::Code(words) => {
                    for name in spoken(words) {
                        self.name(name);
                    }
                    self.words.push_str(words);
                    self.words.push(' ');
                }
                Inline::Emphasis(inside)
                | Inline::Strong(inside)
                | Inline::Struck(inside)
                | Inline::Link(_, inside) => {
                    self.inlines(inside);
                }
                Inline::Break => {}
            }
        }
    }

    fn name(&mut self, name: &str) {
        // Reserved names are refused here: `NODE_OPTIONS` in a message is no secret.
        if let Ok(name) = SecretName::parse(name)
            && !self.names.contains(&name)
        {
            self.names.push(name);
        }
    }
}

/// Words in capitals with an underscore, which prose has no other use for.
fn spoken(words: &str) -> impl Iterator<Item = &str> {
    words.split(|ch: char| !is_part(ch)).filter(|word| {
        let inner = word.trim_matches('_');
        inner.len() > 3 && inner.contains('_') && inner.starts_with(|ch: char| ch.is_ascii_uppercase())
    })
}

/// Variables that code reads.
fn read_by(code: &str, language: Language) -> Vec<&str> {
    let shell: &[&str] = if language == Language::Shell { &["${", "$"] } else { &[] };
    let mut found: Vec<(usize, &str)> = READS
        .iter()
        .chain(shell)
        .flat_map(|before| code.match_indices(before).map(|(at, _)| at + before.len()))
        .filter_map(|at| {
            let name = code.get(at..)?.split(|ch| !is_part(ch)).next()?;
            Some((at, name)).filter(|(_, name)| name.contains('_'))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

fn is_part(ch: char) -> bool {
    ch.is_ascii_uppercase() || ch.is_ascii_digit() || ch == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(message: &str) -> Vec<String> {
        said(message).names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_secret_named_in_a_sentence_is_noticed_once() {
        let message =
            "Search X for recent mentions using my X_BEARER_TOKEN secret (`X_BEARER_TOKEN`), not NASA or a_b.";
        assert_eq!(names(message), ["X_BEARER_TOKEN"]);
        assert!(names("MAXIMUM effort, node_modules, __init__, FOO, NODE_OPTIONS").is_empty());
    }

    #[test]
    fn code_says_what_it_reads_and_nothing_else() {
        let python = "```python\nimport os\nMAX_RETRIES = 3\nos.environ[\"A_KEY\"]; os.getenv('B_KEY')\n```";
        assert_eq!(names(python), ["A_KEY", "B_KEY"]);
        let js = "```js\nconst MAX_AGE = 1; fetch(process.env.C_KEY)\n```";
        assert_eq!(names(js), ["C_KEY"]);
        let shell = "```sh\ncurl -H \"x: $D_KEY ${E_KEY}\" $HOME\n```";
        assert_eq!(names(shell), ["D_KEY", "E_KEY"]);
    }

    #[test]
    fn fences_are_told_by_their_language() {
        let said = said("```py\n1\n```\n\n```ruby\n2\n```\n\n- ```js\n  3\n  ```");
        assert_eq!(
            said.code,
            [
                (Language::Python, "1\n".to_owned()),
                (Language::JavaScript, "3\n".to_owned())
            ]
        );
        assert_eq!(said.unknown, ["ruby"]);
    }
}
