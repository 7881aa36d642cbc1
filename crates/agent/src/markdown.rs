//! Markdown to what the page shows. Raw HTML is shown as the text that it is; an image becomes a link to where it lies, which
//! nobody follows by just reading; only `http` and `https` are links.

use domain::chat::{Block, Inline};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Nesting that is followed; what is deeper is shown without.
const DEEPEST: usize = 16;

/// The parts of a text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder::default();
    for event in Parser::new_ext(text, options) {
        builder.take(event);
    }
    builder.finish()
}

/// What is being built: a stack of things that are not closed yet.
#[derive(Default)]
struct Builder {
    stack: Vec<Frame>,
    done: Vec<Block>,
    /// Tags that are not followed, since they are too deep.
    ignored: usize,
}

enum Frame {
    Paragraph(Vec<Inline>),
    Heading(u8, Vec<Inline>),
    Code(String, String),
    Html(String),
    List(Option<u64>, Vec<Vec<Block>>),
    Item(Vec<Block>),
    Quote(Vec<Block>),
    Table(Vec<Vec<Inline>>, Vec<Vec<Vec<Inline>>>),
    Row(bool, Vec<Vec<Inline>>),
    Cell(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Strong(Vec<Inline>),
    Struck(Vec<Inline>),
    Link(Option<String>, Vec<Inline>),
}

impl Builder {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.inline(Inline::Code(text.into_string())),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => self.block(Block::Rule),
            // Behind options that are off.
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if self.stack.len() >= DEEPEST || self.ignored > 0 {
            self.ignored += 1;
            return;
        }
        self.stack.push(match tag {
            Tag::Heading { level, .. } => Frame::Heading(number(level), Vec::new()),
            Tag::CodeBlock(kind) => {
                let tag = match kind {
                    CodeBlockKind::Fenced(tag) => tag.split_whitespace().next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                Frame::Code(tag, String::new())
            }
            Tag::HtmlBlock => Frame::Html(String::new()),
            Tag::List(first) => Frame::List(first, Vec::new()),
            Tag::Item => Frame::Item(Vec::new()),
            Tag::BlockQuote(_) => Frame::Quote(Vec::new()),
            Tag::Table(_) => Frame::Table(Vec::new(), Vec::new()),
            Tag::TableHead => Frame::Row(true, Vec::new()),
            Tag::TableRow => Frame::Row(false, Vec::new()),
            Tag::TableCell => Frame::Cell(Vec::new()),
            Tag::Emphasis => Frame::Emphasis(Vec::new()),
            Tag::Strong => Frame::Strong(Vec::new()),
            Tag::Strikethrough => Frame::Struck(Vec::new()),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => Frame::Link(followable(&dest_url), Vec::new()),
            _ => Frame::Paragraph(Vec::new()),
        });
    }

    fn end(&mut self, _tag: TagEnd) {
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        let Some(frame) = self.stack.pop() else { return };
        match frame {
            Frame::Paragraph(inside) => self.block(Block::Paragraph(inside)),
            Frame::Heading(level, inside) => self.block(Block::Heading(level, inside)),
            Frame::Code(tag, code) => self.block(Block::Code(tag, code)),
            Frame::Html(text) => self.block(Block::Paragraph(vec![Inline::Text(text)])),
            Frame::List(first, items) => self.block(Block::List(first, items)),
            Frame::Item(blocks) => {
                if let Some(Frame::List(_, items)) = self.stack.last_mut() {
                    items.push(blocks);
                }
            }
            Frame::Quote(blocks) => self.block(Block::Quote(blocks)),
            Frame::Table(head, rows) => self.block(Block::Table(head, rows)),
            Frame::Row(is_head, cells) => {
                if let Some(Frame::Table(head, rows)) = self.stack.last_mut() {
                    if is_head {
                        *head = cells;
                    } else {
                        rows.push(cells);
                    }
                }
            }
            Frame::Cell(inside) => {
                if let Some(Frame::Row(_, cells)) = self.stack.last_mut() {
                    cells.push(inside);
                }
            }
            Frame::Emphasis(inside) => self.inline(Inline::Emphasis(inside)),
            Frame::Strong(inside) => self.inline(Inline::Strong(inside)),
            Frame::Struck(inside) => self.inline(Inline::Struck(inside)),
            Frame::Link(Some(address), mut inside) => {
                if inside.is_empty() {
                    inside.push(Inline::Text(address.clone()));
                }
                self.inline(Inline::Link(address, inside));
            }
            Frame::Link(None, inside) => inside.into_iter().for_each(|part| self.inline(part)),
        }
    }

    fn text(&mut self, text: &str) {
        match self.stack.last_mut() {
            Some(Frame::Code(_, code)) => code.push_str(text),
            Some(Frame::Html(html)) => html.push_str(text),
            _ => self.inline(Inline::Text(text.to_owned())),
        }
    }

    fn inline(&mut self, part: Inline) {
        match self.stack.last_mut() {
            Some(
                Frame::Paragraph(inside)
                | Frame::Heading(_, inside)
                | Frame::Cell(inside)
                | Frame::Emphasis(inside)
                | Frame::Strong(inside)
                | Frame::Struck(inside)
                | Frame::Link(_, inside),
            ) => push(inside, part),
            // A list without blank lines has its words right in the items.
            Some(Frame::Item(blocks) | Frame::Quote(blocks)) => push_into(blocks, part),
            Some(_) => {}
            None => push_into(&mut self.done, part),
        }
    }

    fn block(&mut self, block: Block) {
        match self.stack.last_mut() {
            Some(Frame::Item(blocks) | Frame::Quote(blocks)) => blocks.push(block),
            _ => self.done.push(block),
        }
    }

    fn finish(self) -> Vec<Block> {
        self.done
    }
}

fn push_into(blocks: &mut Vec<Block>, part: Inline) {
    if let Some(Block::Paragraph(inside)) = blocks.last_mut() {
        push(inside, part);
    } else {
        blocks.push(Block::Paragraph(vec![part]));
    }
}

/// Words that follow each other are one text.
fn push(inside: &mut Vec<Inline>, part: Inline) {
    match (inside.last_mut(), part) {
        (Some(Inline::Text(words)), Inline::Text(more)) => words.push_str(&more),
        (_, part) => inside.push(part),
    }
}

fn followable(address: &str) -> Option<String> {
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    let web = ["https://", "http://"].into_iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    (plain && web).then(|| address.to_owned())
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Inline {
        Inline::Text(words.to_owned())
    }

    #[test]
    fn html_is_shown_as_the_text_that_it_is() {
        assert_eq!(
            blocks("<script>alert(1)</script>"),
            [Block::Paragraph(vec![text("<script>alert(1)</script>")])]
        );
        assert_eq!(
            blocks("a <img src=x onerror=y> b"),
            [Block::Paragraph(vec![text("a <img src=x onerror=y> b")])]
        );
    }

    #[test]
    fn an_image_is_a_link_and_nothing_that_loads_by_itself() {
        let link = Inline::Link("https://example.org/a.png".to_owned(), vec![text("a picture")]);
        assert_eq!(
            blocks("![a picture](https://example.org/a.png)"),
            [Block::Paragraph(vec![link])]
        );
    }

    #[test]
    fn only_pages_are_links() {
        for address in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "/secrets",
            "//x.example",
        ] {
            assert_eq!(
                blocks(&format!("[x]({address})")),
                [Block::Paragraph(vec![text("x")])],
                "{address}"
            );
        }
    }

    #[test]
    fn lists_code_and_tables_come_out_whole() {
        let made = blocks("1. one\n2. two **bold**\n\n```python\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | `2` |\n");
        let one = vec![Block::Paragraph(vec![text("one")])];
        let two = vec![Block::Paragraph(vec![text("two "), Inline::Strong(vec![text("bold")])])];
        let expected = [
            Block::List(Some(1), vec![one, two]),
            Block::Code("python".to_owned(), "print(1)\n".to_owned()),
            Block::Table(
                vec![vec![text("a")], vec![text("b")]],
                vec![vec![vec![text("1")], vec![Inline::Code("2".to_owned())]]],
            ),
        ];
        assert_eq!(made, expected);
    }

    #[test]
    fn nesting_without_end_is_not_followed() {
        let made = blocks(&format!("{}deep", "> ".repeat(5_000)));
        assert_eq!(made.len(), 1);
    }
}
