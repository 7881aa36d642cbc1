//! Putting an agent to work on a message, watching it, stopping it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::chat::{ChatView, Entry, EntryView, Shown};
use futures_util::FutureExt;
use sandbox::{Availability, Runner};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use vault::{Actor, Result, Turn, Vault};

use crate::hub::{Hub, Live, Updates};
use crate::model::Model;
use crate::show::shown;
use crate::work::Work;
use crate::{builtin, modelled, refusal};

/// What answers in the chats of this server.
#[derive(Clone)]
pub struct Agents(Arc<Inner>);

struct Inner {
    vault: Vault,
    model: Option<Model>,
    model_name: Option<String>,
    runner: Arc<dyn Runner>,
    hub: Hub,
    stopping: CancellationToken,
    turns: TaskTracker,
}

/// What agents work with.
pub struct Settings {
    /// The model, and what it is called; without one the built-in agent answers.
    pub model: Option<(Model, String)>,
    /// Where code runs.
    pub runner: Arc<dyn Runner>,
}

/// What a chat's page says of who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The model's name; `None`: the built-in agent.
    pub model: Option<String>,
    /// Whether code can be run.
    pub runs: Availability,
}

/// How long turns may take to write down that they were stopped.
const PATIENCE: Duration = Duration::from_secs(5);
/// When the end of a turn is written again that could not be.
const END_AGAIN: Duration = Duration::from_secs(5);
const STOPPED: &str = "You stopped it.";
const SERVER_STOPPED: &str = "The server was stopped in the middle of it.";

impl Agents {
    /// Agents over a vault.
    pub fn new(vault: Vault, settings: Settings) -> Self {
        let (model, model_name) = settings.model.unzip();
        Self(Arc::new(Inner {
            vault,
            model,
            model_name,
            runner: settings.runner,
            hub: Hub::default(),
            stopping: CancellationToken::new(),
            turns: TaskTracker::new(),
        }))
    }

    /// Who answers, and whether code can be run.
    pub async fn about(&self) -> About {
        About {
            model: self.0.model_name.clone(),
            runs: self.0.runner.availability().await,
        }
    }

    /// Writes down what the person says in a conversation and lets the agent work on it, in a task of its own.
    ///
    /// # Errors
    /// As [`begin`](vault::Conversations::begin).
    pub async fn say(&self, actor: &Actor, conversation: &str, message: &str) -> Result<()> {
        let inner = Arc::clone(&self.0);
        let (actor, conversation, message) = (actor.clone(), conversation.to_owned(), message.to_owned());
        // In a task of its own: whoever goes away meanwhile leaves no message on which nobody works.
        let begun = tokio::spawn(async move {
            let chats = inner.vault.conversations();
            let (turn, position, said) = chats.begin(&actor, &conversation, &message).await?;
            let live = inner.hub.live(&turn.conversation());
            let stop = inner.stopping.child_token();
            live.begin(stop.clone());
            live.show(position, shown(said.clone(), &[], true), None);
            let working = Arc::clone(&inner);
            inner
                .turns
                .spawn(async move { working.work(turn, live, stop, said).await });
            Ok(())
        });
        match begun.await {
            Ok(outcome) => outcome,
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            // The server ends.
            Err(_) => Ok(()),
        }
    }

    /// Stops the agent of a conversation: what runs is killed, what is asked for is taken back.
    ///
    /// # Errors
    /// [`vault::Error::NotFound`] for a conversation that is not the actor's.
    pub async fn stop(&self, actor: &Actor, conversation: &str) -> Result<()> {
        let conversation = self.0.vault.conversations().open(actor, conversation).await?;
        self.0.hub.live(&conversation.view.id).stop();
        Ok(())
    }

    /// A conversation as its page shows it.
    ///
    /// # Errors
    /// As [`open`](vault::Conversations::open).
    pub async fn open(&self, actor: &Actor, conversation: &str) -> Result<ChatView> {
        let found = self.0.vault.conversations().open(actor, conversation).await?;
        let requests = self.0.vault.requests().asked_in(actor, &found.view.id).await?;
        let live = self.0.hub.live(&found.view.id).opened();
        let entries = found.entries.into_iter().map(|(position, entry)| Shown {
            position,
            entry: match live.get(&position) {
                // As far as it has come, which is not written down yet.
                Some(open) if !matches!(open.view, EntryView::Asked(_)) => open.view.clone(),
                _ => shown(entry, &requests, found.working),
            },
        });
        Ok(ChatView {
            entries: entries.collect(),
            conversation: found.view,
            settings: found.settings,
            gone: found.gone,
            working: found.working,
        })
    }

    /// What comes to stand in a conversation, as it happens. To be called before what is written down is read, so that
    /// nothing falls in between; ends with the server.
    ///
    /// # Errors
    /// As [`open`](vault::Conversations::open).
    pub async fn watch(&self, actor: &Actor, conversation: &str) -> Result<Updates> {
        let found = self.0.vault.conversations().open(actor, conversation).await?;
        Ok(self.0.hub.live(&found.view.id).watch())
    }

    /// Completes when the server begins to stop.
    pub async fn stopping(&self) {
        self.0.stopping.cancelled().await;
    }

    /// Stops every agent, and waits a while until each has written that down.
    pub async fn shut_down(&self) {
        self.0.stopping.cancel();
        self.0.turns.close();
        if tokio::time::timeout(PATIENCE, self.0.turns.wait()).await.is_err() {
            tracing::warn!("some chats did not come to an end; the next start says so in them");
        }
    }
}

impl Inner {
    async fn work(&self, turn: Turn, live: Arc<Live>, stop: CancellationToken, said: Entry) {
        let work = Work {
            vault: self.vault.clone(),
            turn,
            live,
            runner: Arc::clone(&self.runner),
        };
        let message = match said {
            Entry::Person { text, .. } => text,
            _ => String::new(),
        };
        let answering = AssertUnwindSafe(self.answer(&work, &message)).catch_unwind();
        let outcome = tokio::select! {
            outcome = answering => Some(outcome),
            () = stop.cancelled() => None,
        };
        let closed = match outcome {
            Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => self.refused(&work, &error).await,
            Some(Err(_panic)) => {
                tracing::error!("an agent's turn ended by a panic");
                let words = "Something went wrong in the server. What stands above is all that came of it.";
                self.cut(&work, words, words, true).await
            }
            None if self.stopping.is_cancelled() => self.cut(&work, SERVER_STOPPED, SERVER_STOPPED, true).await,
            None => self.cut(&work, STOPPED, STOPPED, false).await,
        };
        if let Err(error) = closed {
            // Its conversation was deleted meanwhile, most likely.
            tracing::debug!(%error, "what became of an agent's turn could not be written down");
        }
        while let Err(error) = self.vault.conversations().end(&work.turn).await {
            // Until then the conversation takes no message: the disk may be full, say.
            tracing::warn!(%error, "an agent's turn could not be ended; the next try is soon");
            tokio::select! {
                () = tokio::time::sleep(END_AGAIN) => {}
                // The next start ends it.
                () = self.stopping.cancelled() => break,
            }
        }
        work.live.end();
    }

    async fn answer(&self, work: &Work, message: &str) -> Result<()> {
        match &self.model {
            Some(model) => modelled::answer(work, model).await,
            None => builtin::answer(work, message).await,
        }
    }

    async fn refused(&self, work: &Work, error: &vault::Error) -> Result<()> {
        self.cut(work, "It was cut off.", &refusal::of_vault(error), true).await
    }

    async fn cut(&self, work: &Work, end: &str, words: &str, wrong: bool) -> Result<()> {
        work.tidy(end).await?;
        work.note(words, wrong).await
    }
}
