//! Conversations: what stands in one, as it is kept and as the page shows it.

mod entry;
mod text;
mod view;

pub use entry::{Entry, Language, Run, RunEnd};
pub use text::{Block, Inline};
pub use view::{
    AskedInChat, ChatView, ConversationSettings, ConversationView, EntryView, RunState, RunView, Shown, Update,
};

/// Characters of one message at most.
pub const MAX_MESSAGE: usize = 32_000;
/// Characters of a conversation's title at most.
pub const MAX_TITLE: usize = 120;

/// A title made of a conversation's first message: its first line, cut at a word.
#[must_use]
pub fn title_of(message: &str) -> String {
    const LONG: usize = 60;
    let line = message.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or("New chat");
    if line.chars().count() <= LONG {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LONG).collect();
    let word = cut.rfind(' ').filter(|at| *at > LONG / 2);
    format!("{}…", word.and_then(|at| cut.get(..at)).unwrap_or(&cut).trim_end())
}

#[cfg(test)]
mod tests {
    use super::title_of;

    #[test]
    fn a_title_is_the_first_line_cut_at_a_word() {
        assert_eq!(title_of("\n  Hello there \nmore"), "Hello there");
        assert_eq!(title_of(""), "New chat");
        let long = "Search X for recent mentions of the project, using the token that I stored";
        assert_eq!(
            title_of(long),
            "Search X for recent mentions of the project, using the…"
        );
        assert_eq!(title_of(&"ü".repeat(100)).chars().count(), 61);
    }
}
