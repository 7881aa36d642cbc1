//! Conversations: a person's chats with an agent, sealed with the person's own key.
//!
//! Nothing is kept in one in which a stored value stands: each text is looked through before it is sealed, and looked through
//! again when a value comes to be stored (`redacting`).

mod recovery;
mod redacting;
mod sealed;
mod turn;

use domain::chat::{ConversationSettings, ConversationView, Entry, MAX_TITLE, title_of};
use domain::text::first_hidden;
use domain::{FieldError, SecretName};
use serde::{Deserialize, Serialize};

use crate::Inner;
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::id::ConversationId;
use crate::labels::in_order;
use crate::store::conversations;
use crate::store::secrets;

pub(crate) use recovery::recover;
pub use turn::Turn;

/// Conversations.
pub struct Conversations<'v>(pub(crate) &'v Inner);

/// A conversation as its owner reads it.
#[derive(Debug)]
pub struct Conversation {
    /// What it is called.
    pub view: ConversationView,
    /// What its runs may do.
    pub settings: ConversationSettings,
    /// What stands in it, by position.
    pub entries: Vec<(u32, Entry)>,
    /// Secrets that it speaks of and that are not stored.
    pub gone: Vec<SecretName>,
    /// Whether its agent is at work.
    pub working: bool,
}

/// What is sealed about a conversation as a whole.
#[derive(Serialize, Deserialize)]
pub(crate) struct Head {
    title: String,
    settings: ConversationSettings,
}

/// Conversations an account.
const MOST: u32 = 500;

impl Conversations<'_> {
    /// All of the actor's, what changed last first.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`].
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ConversationView>> {
        actor.require_browser()?;
        let mut reader = self.0.store.snapshot().await?;
        let rows = conversations::of_user(&mut reader, actor.user).await?;
        let keys = self.0.leaves(&mut reader, actor.user).await?;
        let title = |row| match keys.head(row) {
            // So that it can be deleted from there.
            Err(Error::Corrupt { .. }) => Ok("A chat that cannot be read".to_owned()),
            head => head.map(|head| head.title),
        };
        rows.iter().map(|row| Ok(view(row, title(row)?))).collect()
    }

    /// Begins one that is called after its first message.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`], [`Error::TooMany`].
    pub async fn create(&self, actor: &Actor, message: &str) -> Result<ConversationView> {
        actor.require_browser()?;
        let now = self.0.clock.now();
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        if conversations::count(db, actor.user).await? >= i64::from(MOST) {
            return Err(Error::TooMany {
                what: "chats",
                limit: MOST,
            });
        }
        // Before it is cut: a piece of a value is not found.
        let mut message = message.to_owned();
        self.0.values_of(db, actor.user).await?.redact(&mut message);
        let title = title_of(&message);
        let head = Head {
            title,
            settings: ConversationSettings {
                network: true,
                names: None,
            },
        };
        let id = ConversationId::make();
        let row = conversations::Conversation {
            id,
            user: actor.user,
            head: self.0.seal_leaf(db, actor.user, (id, None), &head).await?,
            entries: 0,
            working_since: None,
            created_at: now,
            changed_at: now,
        };
        conversations::insert(db, &row).await?;
        transaction.commit().await?;
        Ok(view(&row, head.title))
    }

    /// One of them, whole.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`], [`Error::NotFound`].
    pub async fn open(&self, actor: &Actor, id: &str) -> Result<Conversation> {
        actor.require_browser()?;
        let id = ConversationId::from_text(id).ok_or(Error::NotFound)?;
        let mut reader = self.0.store.snapshot().await?;
        let row = conversations::by_id(&mut reader, actor.user, id)
            .await?
            .ok_or(Error::NotFound)?;
        let keys = self.0.leaves(&mut reader, actor.user).await?;
        let Head { title, settings } = keys.head(&row)?;
        let entries = keys.entries(&conversations::entries(&mut reader, id, 0).await?)?;
        let stored = secrets::list(&mut reader, actor.user).await?;
        let spoken_of = entries.iter().flat_map(|(_, entry)| entry.names().iter().cloned());
        let mut gone = in_order(spoken_of.collect());
        gone.retain(|name| stored.iter().all(|secret| secret.name != *name));
        Ok(Conversation {
            working: row.working_since.is_some(),
            view: view(&row, title),
            settings,
            entries,
            gone,
        })
    }

    /// Renames it and sets what its runs may do from now on: both, or neither.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`], [`Error::NotFound`], [`Error::Invalid`].
    pub async fn change_options(
        &self,
        actor: &Actor,
        id: &str,
        title: &str,
        settings: ConversationSettings,
    ) -> Result<()> {
        let title = check_title(title)?;
        self.change(actor, id, |head| {
            head.title = title;
            head.settings = ConversationSettings {
                names: settings.names.map(in_order),
                ..settings
            };
        })
        .await
    }

    /// Deletes it with all that stands in it, from the database file too.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`], [`Error::NotFound`].
    pub async fn delete(&self, actor: &Actor, id: &str) -> Result<()> {
        actor.require_browser()?;
        let id = ConversationId::from_text(id).ok_or(Error::NotFound)?;
        let mut transaction = self.0.write_as(actor).await?;
        if !conversations::delete(transaction.connection()?, actor.user, id).await? {
            return Err(Error::NotFound);
        }
        transaction.commit().await?;
        self.0.store.checkpoint_soon();
        Ok(())
    }

    async fn change(&self, actor: &Actor, id: &str, change: impl FnOnce(&mut Head)) -> Result<()> {
        actor.require_browser()?;
        let id = ConversationId::from_text(id).ok_or(Error::NotFound)?;
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let row = conversations::by_id(db, actor.user, id).await?.ok_or(Error::NotFound)?;
        let mut head = self.0.leaves(db, actor.user).await?.head(&row)?;
        change(&mut head);
        let found = self.0.values_of(db, actor.user).await?.redact(&mut head.title);
        self.0.note_found(db, actor, &found).await?;
        let sealed = self.0.seal_leaf(db, actor.user, (id, None), &head).await?;
        conversations::set_head(db, id, &sealed, row.changed_at).await?;
        transaction.commit().await
    }
}

fn view(row: &conversations::Conversation, title: String) -> ConversationView {
    ConversationView {
        id: row.id.to_string(),
        title,
        changed_at: row.changed_at,
    }
}

fn check_title(title: &str) -> Result<String> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > MAX_TITLE || first_hidden(title, false).is_some() {
        let message = format!("A title has 1 to {MAX_TITLE} characters on one line.");
        return Err(Error::Invalid(vec![FieldError::new("title", "chat.title", message)]));
    }
    Ok(title.to_owned())
}
