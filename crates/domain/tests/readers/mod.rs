//! Little readers of each format, written from what the real ones do and not from what the writers do.

use std::collections::BTreeMap;

pub(crate) type Environment = BTreeMap<String, String>;

/// A POSIX shell's `export` of words made of single-quoted and backslash-escaped pieces.
pub(crate) fn shell(text: &str) -> Environment {
    let mut environment = Environment::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        for expected in "export ".chars() {
            assert_eq!(chars.next(), Some(expected));
        }
        let name: String = chars.by_ref().take_while(|&ch| ch != '=').collect();
        let mut value = String::new();
        loop {
            match chars.next().unwrap() {
                '\'' => value.extend(chars.by_ref().take_while(|&ch| ch != '\'')),
                '\\' => value.push(chars.next().unwrap()),
                '\n' => break,
                other => panic!("a shell would look at {other:?}"),
            }
        }
        environment.insert(name, value);
    }
    environment
}

/// Docker's reader: line by line, comments and blanks at the beginning dropped, nothing undone.
pub(crate) fn docker(text: &str) -> Environment {
    let lines = text
        .split_terminator('\n')
        .inspect(|line| assert!(line.len() < 65_536, "Docker drops the file"));
    let lines = lines
        .map(|line| line.strip_suffix('\r').unwrap_or(line).trim_start())
        .filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// How a reader of `.env` files undoes escapes: in single quotes, and in double quotes.
pub(crate) struct Dialect {
    pub(crate) name: &'static str,
    single: &'static [(&'static str, &'static str)],
    double: &'static [(&'static str, &'static str)],
    /// Whether a `#` begins a comment without a blank before it.
    eager_comments: bool,
}

pub(crate) const DIALECTS: [Dialect; 3] = [
    Dialect {
        name: "Node",
        single: &[],
        double: &[("\\n", "\n")],
        eager_comments: true,
    },
    Dialect {
        name: "dotenv",
        single: &[],
        double: &[("\\n", "\n"), ("\\r", "\r")],
        eager_comments: true,
    },
    Dialect {
        name: "python-dotenv",
        single: &[("\\\\", "\\"), ("\\'", "'")],
        double: &[
            ("\\\\", "\\"),
            ("\\'", "'"),
            ("\\\"", "\""),
            ("\\a", "\u{7}"),
            ("\\b", "\u{8}"),
            ("\\f", "\u{C}"),
            ("\\n", "\n"),
            ("\\r", "\r"),
            ("\\t", "\t"),
            ("\\v", "\u{B}"),
        ],
        eager_comments: false,
    },
];

/// A `.env` file as `dialect` reads it. A carriage return is lost, a backslash before a quote keeps it from closing
/// where the dialect undoes it, and `${…}` would be replaced.
pub(crate) fn dotenv(text: &str, dialect: &Dialect) -> Environment {
    assert!(!text.contains('\r'));
    let mut environment = Environment::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').unwrap();
        let quote = after.chars().next().unwrap();
        let escapes = match quote {
            '\'' => dialect.single,
            '"' => dialect.double,
            _ => {
                let (line, below) = after.split_once('\n').unwrap();
                let comment = if dialect.eager_comments { "#" } else { " #" };
                let value = line
                    .split(comment)
                    .next()
                    .unwrap()
                    .trim_matches(|ch: char| ch.is_whitespace() || ch == '\u{FEFF}');
                environment.insert(name.to_owned(), value.to_owned());
                rest = below;
                continue;
            }
        };
        let mut value = String::new();
        let mut quoted = after.strip_prefix(quote).unwrap();
        while !quoted.starts_with(quote) {
            let (out, behind) = escapes
                .iter()
                .find_map(|&(escape, meant)| quoted.strip_prefix(escape).map(|behind| (meant, behind)))
                .unwrap_or_else(|| quoted.split_at(quoted.chars().next().expect("an end quote").len_utf8()));
            value.push_str(out);
            quoted = behind;
        }
        rest = quoted
            .strip_prefix(quote)
            .unwrap()
            .strip_prefix('\n')
            .expect("nothing after the closing quote");
        let expanded = value.find("${").is_some_and(|at| value.split_at(at).1.contains('}'));
        assert!(!expanded, "python-dotenv would replace something");
        environment.insert(name.to_owned(), value);
    }
    environment
}
