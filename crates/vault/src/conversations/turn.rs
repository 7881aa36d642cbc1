//! A turn: the person has said something, and the agent is at work until it ends.

use domain::chat::{ConversationSettings, Entry, MAX_MESSAGE};
use domain::{FieldError, SecretName};

use super::{Conversations, Head};
use crate::actor::{Actor, Via};
use crate::error::{AuthFailure, Error, Result};
use crate::id::ConversationId;
use crate::labels::in_order;
use crate::store::conversations::{self, SealedEntry};
use crate::store::{Transaction, sessions};

/// Proof that the agent of one conversation is at work. Made by [`Conversations::begin`] only.
///
/// What it has to say is written down even if the person signs out meanwhile; what it does for them
/// ([`actor`](Self::actor)) ends with their session.
#[derive(Debug)]
pub struct Turn {
    conversation: ConversationId,
    agent: Actor,
}

/// Entries a conversation: more are no conversation, and cost whoever opens it.
const MOST_ENTRIES: u32 = 2000;
/// Bytes after which a conversation takes no further message: it is read and looked through as a whole.
const MOST_BYTES: i64 = 32 << 20;

impl Turn {
    /// The agent, for what it does for the person: look at names, ask for secrets, open sandboxes.
    pub fn actor(&self) -> &Actor {
        &self.agent
    }

    /// The conversation's id.
    pub fn conversation(&self) -> String {
        self.conversation.to_string()
    }
}

impl Conversations<'_> {
    /// Writes down what the person says, and puts the agent to work; gives where it stands and what was kept of it.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`], [`Error::NotFound`]; [`Error::Invalid`] for a message that is empty or too long;
    /// [`Error::Working`] while the agent is at work already; [`Error::TooMany`] in a conversation that is full.
    pub async fn begin(&self, actor: &Actor, id: &str, message: &str) -> Result<(Turn, u32, Entry)> {
        let session = actor.require_browser()?;
        let id = ConversationId::from_text(id).ok_or(Error::NotFound)?;
        check(message)?;
        let now = self.0.clock.now();
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let row = conversations::by_id(db, actor.user, id).await?.ok_or(Error::NotFound)?;
        if row.working_since.is_some() {
            return Err(Error::Working);
        }
        if row.entries >= MOST_ENTRIES {
            return Err(Error::TooMany {
                what: "entries in a chat",
                limit: MOST_ENTRIES,
            });
        }
        if conversations::bytes(db, id).await? >= MOST_BYTES {
            return Err(Error::TooMany {
                what: "megabytes in a chat",
                limit: u32::try_from(MOST_BYTES >> 20).unwrap_or(u32::MAX),
            });
        }
        let turn = Turn {
            conversation: id,
            agent: Actor {
                via: Via::Chat {
                    conversation: id,
                    session,
                },
                ..actor.clone()
            },
        };
        let said = Entry::Person {
            text: message.trim().replace("\r\n", "\n"),
            redacted: Vec::new(),
        };
        let kept = self.put(&mut transaction, &turn, row.entries, said).await?;
        if let Entry::Person { redacted, .. } = &kept {
            self.0.note_found(transaction.connection()?, actor, redacted).await?;
        }
        conversations::set_working(transaction.connection()?, id, Some(now)).await?;
        transaction.commit().await?;
        Ok((turn, row.entries, kept))
    }

    /// Writes an entry after the last; gives its position, and what was kept of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the conversation was deleted meanwhile.
    pub async fn append(&self, turn: &Turn, entry: Entry) -> Result<(u32, Entry)> {
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        let row = conversations::by_id(transaction.connection()?, turn.agent.user, turn.conversation).await?;
        let position = row.ok_or(Error::NotFound)?.entries;
        let kept = self.put(&mut transaction, turn, position, entry).await?;
        transaction.commit().await?;
        Ok((position, kept))
    }

    /// Writes an entry over the one that stands there; gives what was kept of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the conversation was deleted meanwhile.
    pub async fn replace(&self, turn: &Turn, position: u32, entry: Entry) -> Result<Entry> {
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        let db = transaction.connection()?;
        if !conversations::exists(db, turn.agent.user, turn.conversation).await? {
            return Err(Error::NotFound);
        }
        let kept = self.put(&mut transaction, turn, position, entry).await?;
        transaction.commit().await?;
        Ok(kept)
    }

    /// What stands in it now, by position.
    ///
    /// # Errors
    /// When the database fails, or a row does not open.
    pub async fn entries(&self, turn: &Turn) -> Result<Vec<(u32, Entry)>> {
        let mut reader = self.0.store.snapshot().await?;
        let rows = conversations::entries(&mut reader, turn.conversation, 0).await?;
        self.0.leaves(&mut reader, turn.agent.user).await?.entries(&rows)
    }

    /// Replaces what is stored by now in texts that are about to be told once more: when they were made, it may not have been.
    ///
    /// # Errors
    /// When the database fails, or a value does not open.
    pub async fn redact_anew<'t>(&self, turn: &Turn, texts: impl IntoIterator<Item = &'t mut String>) -> Result<()> {
        let mut reader = self.0.store.snapshot().await?;
        let values = self.0.values_of(&mut reader, turn.agent.user).await?;
        for text in texts {
            values.redact(text);
        }
        Ok(())
    }

    /// What its runs may do now. Nothing any more once the person's session has ended.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the conversation was deleted meanwhile; [`AuthFailure::Revoked`].
    pub async fn settings(&self, turn: &Turn) -> Result<ConversationSettings> {
        let mut reader = self.0.store.snapshot().await?;
        if let Via::Chat { session, .. } = turn.agent.via
            && !sessions::exists(&mut reader, turn.agent.user, session).await?
        {
            return Err(AuthFailure::Revoked.into());
        }
        let row = conversations::by_id(&mut reader, turn.agent.user, turn.conversation)
            .await?
            .ok_or(Error::NotFound)?;
        let head: Head = self.0.leaves(&mut reader, turn.agent.user).await?.head(&row)?;
        Ok(head.settings)
    }

    /// Lets its runs have these names too: the person has just given them to this conversation.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the conversation was deleted meanwhile.
    pub async fn allow(&self, turn: &Turn, names: &[SecretName]) -> Result<()> {
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        let db = transaction.connection()?;
        let row = conversations::by_id(db, turn.agent.user, turn.conversation)
            .await?
            .ok_or(Error::NotFound)?;
        let mut head: Head = self.0.leaves(db, turn.agent.user).await?.head(&row)?;
        let Some(allowed) = head.settings.names.take() else {
            return Ok(());
        };
        head.settings.names = Some(in_order(allowed.into_iter().chain(names.iter().cloned()).collect()));
        let sealed = self
            .0
            .seal_leaf(db, turn.agent.user, (turn.conversation, None), &head)
            .await?;
        conversations::set_head(db, turn.conversation, &sealed, row.changed_at).await?;
        transaction.commit().await
    }

    /// Notes that the agent has ended its work.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, turn: &Turn) -> Result<()> {
        let mut transaction = self.0.store.write(self.0.record_durability).await?;
        conversations::set_working(transaction.connection()?, turn.conversation, None).await?;
        transaction.commit().await
    }

    async fn put(&self, transaction: &mut Transaction, turn: &Turn, position: u32, mut entry: Entry) -> Result<Entry> {
        let user = turn.agent.user;
        let db = transaction.connection()?;
        self.0.values_of(db, user).await?.redact_entry(&mut entry);
        let piece = (turn.conversation, Some(position));
        let sealed = SealedEntry {
            conversation: turn.conversation,
            position,
            sealed: self.0.seal_leaf(db, user, piece, &entry).await?,
        };
        conversations::put_entry(db, &sealed, self.0.clock.now()).await?;
        Ok(entry)
    }
}

fn check(message: &str) -> Result<()> {
    let characters = message.chars().count();
    let problem = if message.trim().is_empty() {
        Some("Type a message first.".to_owned())
    } else if characters > MAX_MESSAGE {
        Some(format!(
            "The message has {characters} characters, and {MAX_MESSAGE} is the most."
        ))
    } else {
        None
    };
    match problem {
        None => Ok(()),
        Some(words) => Err(Error::Invalid(vec![FieldError::new("message", "chat.message", words)])),
    }
}
