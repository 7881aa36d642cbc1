//! Markdown, from the tree that the server made of it.

use domain::chat::{Block, Inline};
use leptos::prelude::*;

use crate::erase::{Erase, Erased};

/// The parts of a text, in order.
pub(super) fn blocks(blocks: Vec<Block>) -> Erased {
    blocks.into_iter().map(block).collect_view().erased()
}

fn block(part: Block) -> Erased {
    match part {
        Block::Paragraph(inside) => view! { <p>{inlines(inside)}</p> }.erased(),
        // Below the headings of the page itself.
        Block::Heading(1 | 2, inside) => view! { <h3>{inlines(inside)}</h3> }.erased(),
        Block::Heading(_, inside) => view! { <h4>{inlines(inside)}</h4> }.erased(),
        Block::Code(_, code) => view! { <pre tabindex="0"><code>{code}</code></pre> }.erased(),
        Block::List(first, items) => list(first, items),
        Block::Quote(inside) => view! { <blockquote>{blocks(inside)}</blockquote> }.erased(),
        Block::Table(head, rows) => table(head, rows),
        Block::Rule => view! { <hr /> }.erased(),
    }
}

fn list(first: Option<u64>, items: Vec<Vec<Block>>) -> Erased {
    let items = items
        .into_iter()
        .map(|item| view! { <li>{blocks(item)}</li> })
        .collect_view();
    match first {
        Some(first) => view! { <ol start=first.to_string()>{items}</ol> }.erased(),
        None => view! { <ul>{items}</ul> }.erased(),
    }
}

fn table(head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>>) -> Erased {
    let head = head
        .into_iter()
        .map(|cell| view! { <th scope="col">{inlines(cell)}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let cells = row
                .into_iter()
                .map(|cell| view! { <td>{inlines(cell)}</td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="said__table" tabindex="0">
            <table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .erased()
}

fn inlines(parts: Vec<Inline>) -> Erased {
    parts.into_iter().map(inline).collect_view().erased()
}

fn inline(part: Inline) -> Erased {
    match part {
        Inline::Text(words) => words.erased(),
        Inline::Code(code) => view! { <code>{code}</code> }.erased(),
        Inline::Emphasis(inside) => view! { <em>{inlines(inside)}</em> }.erased(),
        Inline::Strong(inside) => view! { <strong>{inlines(inside)}</strong> }.erased(),
        Inline::Struck(inside) => view! { <s>{inlines(inside)}</s> }.erased(),
        Inline::Link(address, inside) => view! {
            <a href=address target="_blank" rel="noopener noreferrer nofollow">
                {inlines(inside)}
            </a>
        }
        .erased(),
        Inline::Break => view! { <br /> }.erased(),
    }
}
