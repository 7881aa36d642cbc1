//! All of `style/` as one sheet: the design tokens, the base, then one file a component in the order of their names.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

/// What the others build on, in this order.
const FIRST: [&str; 2] = ["tokens.css", "base.css"];

/// Reads the folder and gives back the sheet, made small.
pub(super) fn sheet(folder: &Path) -> Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".css") {
            names.push(name);
        }
    }
    in_order(&mut names);
    let mut sheet = String::new();
    for name in names {
        let text = fs::read_to_string(folder.join(&name)).with_context(|| format!("cannot read style/{name}"))?;
        sheet.push_str(&small(&text));
    }
    Ok(sheet)
}

fn in_order(names: &mut [String]) {
    names.sort_by_key(|name| {
        (
            FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()),
            name.clone(),
        )
    });
}

/// Drops comments, and blanks where they cannot mean anything. Brotli does the rest; a real minifier would win a few
/// hundred bytes more, and could be wrong.
fn small(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    let mut blank = false;
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                skip_comment(&mut chars);
                // A comment separates what stands on its two sides, as a blank may: `a/**/b` is not `ab`.
                blank |= out.ends_with(|last: char| last.is_alphanumeric());
            }
            c if c.is_ascii_whitespace() => blank = true,
            c => {
                if blank && !out.ends_with(['{', '}', ';', ',']) && !out.is_empty() && !"{};,".contains(c) {
                    out.push(' ');
                }
                blank = false;
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(c);
                if c == '"' || c == '\'' {
                    copy_string(c, &mut chars, &mut out);
                }
            }
        }
    }
    out
}

fn skip_comment(chars: &mut impl Iterator<Item = char>) {
    let mut star = false;
    for c in chars {
        if star && c == '/' {
            return;
        }
        star = c == '*';
    }
}

fn copy_string(quote: char, chars: &mut impl Iterator<Item = char>, out: &mut String) {
    let mut escaped = false;
    for c in chars {
        out.push(c);
        if c == quote && !escaped {
            return;
        }
        escaped = c == '\\' && !escaped;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn tokens_come_first_then_the_base_then_the_components() {
        let mut names = ["card.css", "base.css", "app.css", "tokens.css"].map(str::to_owned);
        in_order(&mut names);
        assert_eq!(names, ["tokens.css", "base.css", "app.css", "card.css"]);
    }

    #[test]
    fn only_style_sheets_are_taken() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("card.css"), ".card { color: red; }\n").unwrap();
        fs::write(dir.path().join("tokens.css"), ":root { --ink: #111; }\n").unwrap();
        fs::write(dir.path().join("notes.md"), "not style").unwrap();
        assert_eq!(sheet(dir.path()).unwrap(), ":root{--ink: #111}.card{color: red}");
    }

    #[test]
    fn blanks_that_mean_something_stay() {
        assert_eq!(
            small("a :hover ,\n b > c {\n  margin : 0 auto ;\n}\n"),
            "a :hover,b > c{margin : 0 auto}"
        );
        assert_eq!(small("p { width: calc(1px + 2px); }"), "p{width: calc(1px + 2px)}");
        assert_eq!(
            small("@media (width < 40rem) and (hover) {}"),
            "@media (width < 40rem) and (hover){}"
        );
    }

    #[test]
    fn comments_go_and_strings_stay() {
        assert_eq!(small("/* one; **/a{}/* two */\n"), "a{}");
        assert_eq!(small("a/* */b{}"), "a b{}");
        assert_eq!(
            small(r#"q { content: " /* no */ ; \"  " ; }"#),
            r#"q{content: " /* no */ ; \"  "}"#
        );
    }
}
