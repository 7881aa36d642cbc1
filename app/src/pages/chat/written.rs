//! What stands in a chat, as HTML. On the server only: the browser puts it where it belongs, and neither reads nor shows
//! the parts of it, which would be a quarter of the page's weight.
//!
//! Everything in it goes through views, which escape text; addresses were checked where the Markdown was read.

mod asked;
mod entry;
mod markdown;
mod run;

use agent::About;
use domain::chat::{self, EntryView};
use domain::{RequestStatus, SecretName};
use leptos::prelude::*;

use super::shown::{ChatUpdate, ShownEntry};
use crate::erase::{Erase, Erased};

/// What a page that shows a chat is told, from what happens in it. `gone`: secrets that the chat speaks of and that are no
/// longer stored.
pub fn update(update: chat::Update, gone: &[SecretName]) -> ChatUpdate {
    match update {
        chat::Update::Entry(shown) => ChatUpdate::Entry(written(shown, gone)),
        chat::Update::More(position, text) => ChatUpdate::More(position, text),
        chat::Update::Working(working) => ChatUpdate::Working(working),
    }
}

/// One entry as the page shows it.
pub(crate) fn written(shown: chat::Shown, gone: &[SecretName]) -> ShownEntry {
    let chat::Shown { position, entry } = shown;
    let asks = match &entry {
        EntryView::Asked(asked) if asked.status == RequestStatus::Pending => Some(asked.id.clone()),
        _ => None,
    };
    let html = match asks {
        None => entry::of(entry, gone).to_html(),
        Some(_) => String::new(),
    };
    ShownEntry { position, html, asks }
}

/// Who answers here, and what does not work.
pub(crate) fn who(about: About) -> String {
    let who = match about.model {
        Some(model) => view! { "Answered by " <code>{model}</code> "." }.erased(),
        None => "No model configured. I can ask for secrets and run code.".erased(),
    };
    let problems = [about.runs.problem, about.runs.network_problem];
    let problems = problems
        .into_iter()
        .flatten()
        .map(|problem| view! { <p class="chat__problem">{problem}</p> })
        .collect_view();
    view! {
        <p>{who}</p>
        {problems}
    }
    .to_html()
}

/// Names of secrets in a line, and which of them are no longer there.
fn named(names: Vec<SecretName>, gone: &[SecretName]) -> Erased {
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let is_gone = gone.contains(&name);
            let before = if index > 0 { ", " } else { "" };
            view! {
                {before}
                <code class=is_gone.then_some("is-gone")>{name.to_string()}</code>
                {is_gone.then_some(" (no longer available)")}
            }
        })
        .collect_view()
        .erased()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use domain::chat::{AskedInChat, Block, Inline, Language, RunEnd, RunState, RunView};

    use super::*;

    const MARKUP: &str = r#"<b title="'x'">&</b>"#;

    fn html(entry: EntryView) -> String {
        written(chat::Shown { position: 0, entry }, &[]).html
    }

    #[test]
    fn text_is_escaped_wherever_it_stands() {
        let text = || vec![Inline::Text(MARKUP.to_owned())];
        let inside = vec![
            Inline::Code(MARKUP.to_owned()),
            Inline::Strong(text()),
            Inline::Link(format!("https://example.com/{MARKUP}"), text()),
        ];
        let blocks = vec![
            Block::Paragraph(inside),
            Block::Heading(1, text()),
            Block::Code(MARKUP.to_owned(), MARKUP.to_owned()),
            Block::List(Some(1), vec![vec![Block::Paragraph(text())]]),
            Block::Table(vec![text()], vec![vec![text()]]),
        ];
        let run = RunView {
            language: Language::Shell,
            code: MARKUP.to_owned(),
            given: vec![(MARKUP.to_owned(), MARKUP.to_owned())],
            names: Vec::new(),
            network: false,
            output: MARKUP.to_owned(),
            files: vec![(MARKUP.to_owned(), MARKUP.to_owned())],
            state: RunState::Ended(RunEnd {
                well: false,
                words: MARKUP.to_owned(),
            }),
        };
        for entry in [
            EntryView::Person(blocks.clone(), Vec::new()),
            EntryView::Agent(blocks),
            EntryView::Writing(MARKUP.to_owned()),
            EntryView::Ran(Box::new(run)),
            EntryView::Note(MARKUP.to_owned(), true),
        ] {
            let html = html(entry);
            assert!(html.contains("&lt;b title=") && !html.contains("<b "), "{html}");
        }
    }

    #[test]
    fn what_can_be_answered_has_no_html_but_its_request() {
        let asked = |status| AskedInChat {
            id: "request".to_owned(),
            names: vec![SecretName::parse("A_KEY").unwrap()],
            status,
            request: None,
        };
        let shown = |status| {
            let entry = EntryView::Asked(Box::new(asked(status)));
            written(chat::Shown { position: 7, entry }, &[])
        };
        let waiting = shown(RequestStatus::Pending);
        assert_eq!((waiting.html.as_str(), waiting.asks.as_deref()), ("", Some("request")));
        let expired = shown(RequestStatus::Expired);
        assert_eq!(expired.asks, None);
        assert!(expired.html.contains("A_KEY") && expired.html.contains("not answered in time"));
    }

    #[test]
    fn a_name_that_is_gone_is_said_to_be() {
        let name = SecretName::parse("A_KEY").unwrap();
        let html = named(vec![name.clone()], &[name]).to_html();
        assert!(html.contains("no longer available"), "{html}");
    }
}
