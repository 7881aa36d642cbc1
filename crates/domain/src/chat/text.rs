//! Markdown as the page shows it: a tree that has no place for raw HTML, images, or an address that runs anything.

/// A part of a text that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading of some level, 1 to 6.
    Heading(u8, Vec<Inline>),
    /// Code, and what language it says it is in.
    Code(String, String),
    /// A list; its first number, if it is numbered.
    List(Option<u64>, Vec<Vec<Block>>),
    /// A quotation.
    Quote(Vec<Block>),
    /// A table: its head, then its rows.
    Table(Vec<Vec<Inline>>, Vec<Vec<Vec<Inline>>>),
    /// A line between parts.
    Rule,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// Code within a line.
    Code(String),
    /// Stressed.
    Emphasis(Vec<Inline>),
    /// Stressed more.
    Strong(Vec<Inline>),
    /// Struck out.
    Struck(Vec<Inline>),
    /// A link to a page: `http` or `https`, checked where it was made.
    Link(String, Vec<Inline>),
    /// A line break.
    Break,
}
