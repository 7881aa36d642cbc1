//! What stands in quotes.

use crate::RawValue;

/// What comes next within quotes.
enum Piece<'a> {
    /// As it stands.
    Text(&'a str),
    /// An escape, undone.
    Escaped(char),
    /// The closing quote.
    Close,
}

/// Reads the value that `text` begins with, from its opening quote on: the value, the number of line breaks in
/// it as it stands in the file, and what follows the closing quote. `None` if it is never closed.
pub(super) fn read(text: &str, quote: char) -> Option<(RawValue, usize, &str)> {
    let start = text.strip_prefix(quote)?;
    let after = walk(start, quote, |_| ())?;
    let raw = start.get(..start.len() - after.len())?;
    // Undoing an escape never lengthens, so the buffer is never moved and leaves no copy behind.
    let mut value = String::with_capacity(raw.len());
    walk(start, quote, |piece| match piece {
        Piece::Text(text) => value.push_str(text),
        Piece::Escaped(ch) => value.push(ch),
        Piece::Close => {}
    });
    Some((
        RawValue::new(value),
        raw.bytes().filter(|&byte| byte == b'\n').count(),
        after,
    ))
}

/// Goes on to the closing quote, and answers with what follows it.
fn walk<'a>(start: &'a str, quote: char, mut on: impl FnMut(Piece<'a>)) -> Option<&'a str> {
    let mut rest = start;
    loop {
        let (piece, behind) = next(rest, quote)?;
        rest = behind;
        if let Piece::Close = piece {
            return Some(rest);
        }
        on(piece);
    }
}

fn next(rest: &str, quote: char) -> Option<(Piece<'_>, &str)> {
    // A backslash means nothing between backticks.
    let at = rest.find(|ch| ch == quote || ch == '\\' && quote != '`')?;
    if at > 0 {
        let (text, rest) = rest.split_at_checked(at)?;
        return Some((Piece::Text(text), rest));
    }
    let escape = if quote == '"' {
        double_escape(rest)
    } else {
        single_escape(rest)
    };
    if let Some((ch, len)) = escape {
        return Some((Piece::Escaped(ch), rest.get(len..)?));
    }
    match rest.strip_prefix(quote) {
        Some(after) => Some((Piece::Close, after)),
        None => rest
            .split_at_checked(1)
            .map(|(backslash, rest)| (Piece::Text(backslash), rest)),
    }
}

/// The escapes that most readers of double quotes know. A tab is not among them: a path such as `C:\temp` is more
/// often meant.
fn double_escape(rest: &str) -> Option<(char, usize)> {
    let ch = match rest.strip_prefix('\\')?.chars().next()? {
        'n' => '\n',
        'r' => '\r',
        ch @ ('"' | '\\' | '$' | '`') => ch,
        _ => return None,
    };
    Some((ch, 2))
}

/// A quote within single quotes: as a shell has it, `'\''`, or as python-dotenv has it, `\'`. The second only where
/// the value visibly goes on: before the end of a line it is a backslash and the closing quote.
fn single_escape(rest: &str) -> Option<(char, usize)> {
    if rest.starts_with("'\\''") {
        return Some(('\'', 4));
    }
    let after = rest.strip_prefix("\\'")?;
    let line_ends = match after.trim_start_matches([' ', '\t']) {
        "" => true,
        text => text.starts_with('\n') || text.starts_with('#') && text.len() < after.len(),
    };
    (!line_ends && !after.starts_with("\\''")).then_some(('\'', 2))
}
