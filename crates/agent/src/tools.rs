//! What an agent can do for the person: ask for secrets, and run code.

use domain::chat::{AskedInChat, Entry, EntryView, Language, Run, RunEnd, RunState};
use domain::{Outcome, RequestStatus, RequestView, SecretName, SecretRequest, SecretView};
use sandbox::{End, Event, Job, RunError};
use tokio::sync::mpsc;
use vault::Error;

use crate::refusal;
use crate::show::shown;
use crate::work::{Result, Work};

/// How long one look at a request waits before the next: the vault's longest.
const LOOK: std::time::Duration = std::time::Duration::from_secs(60);

impl Work {
    /// The person's secrets: names, descriptions and dates.
    pub(crate) async fn secrets(&self) -> Result<Vec<SecretView>> {
        // Refused once the person has signed out, which reading a list alone is not.
        self.vault.conversations().settings(&self.turn).await?;
        self.vault.secrets().list(self.turn.actor()).await
    }

    /// Asks the person, and waits until they have answered or the request has lapsed.
    pub(crate) async fn ask(&self, asked: SecretRequest) -> Result<RequestView> {
        let requests = self.vault.requests();
        let made = requests.create(self.turn.actor(), asked).await?;
        let entry = |status| Entry::Asked {
            request: made.id.clone(),
            names: made.secrets.iter().map(|secret| secret.name.clone()).collect(),
            reason: made.reason.clone(),
            status,
        };
        let known = [made.clone()];
        let position = self
            .open(entry(RequestStatus::Pending), |kept| shown(kept.clone(), &known, true))
            .await?;
        let ended = loop {
            let now = requests.get(self.turn.actor(), &made.id, LOOK).await?;
            if now.status != RequestStatus::Pending {
                break now;
            }
        };
        let given: Vec<SecretName> = ended
            .secrets
            .iter()
            .filter(|secret| matches!(secret.outcome, Some(Outcome::Stored | Outcome::Kept)))
            .map(|secret| secret.name.clone())
            .collect();
        self.vault.conversations().allow(&self.turn, &given).await?;
        let view = |kept| match shown(kept, std::slice::from_ref(&ended), true) {
            EntryView::Asked(asked) => EntryView::Asked(Box::new(AskedInChat {
                status: ended.status,
                ..*asked
            })),
            other => other,
        };
        self.close(position, entry(ended.status), view).await?;
        self.show_redacted().await?;
        Ok(ended)
    }

    /// Runs code with what the conversation allows, and writes down what comes of it. Gives what was kept of that: whoever
    /// goes on with it gets no value that stands in no chat.
    pub(crate) async fn run(&self, language: Language, code: String, files: Vec<(String, String)>) -> Result<Run> {
        let settings = self.vault.conversations().settings(&self.turn).await?;
        let mut run = Run {
            language,
            code: code.clone(),
            given: files.clone(),
            names: Vec::new(),
            network: settings.network,
            output: String::new(),
            files: Vec::new(),
            end: None,
        };
        let entry = |run: &Run| Entry::Ran(Box::new(run.clone()));
        let position = self.open(entry(&run), |kept| shown(kept.clone(), &[], true)).await?;
        let job = Job {
            language,
            code,
            files,
            names: settings.names,
            network: settings.network,
            label: Some("Chat".to_owned()),
        };
        let (sender, mut events) = mpsc::channel(64);
        let mut running = self.runner.run(&self.vault, self.turn.actor(), job, sender);
        let ended = loop {
            tokio::select! {
                // What was printed is shown before what became of it.
                biased;
                Some(event) = events.recv() => self.happened(position, &mut run, event).await?,
                ended = &mut running => break ended,
            }
        };
        drop(running);
        while let Some(event) = events.recv().await {
            self.happened(position, &mut run, event).await?;
        }
        // Nobody is there any more for whom it could go on.
        let signed_out = match &ended {
            Err(RunError::Vault(Error::Unauthenticated(why))) => Some(*why),
            _ => None,
        };
        run.end = Some(match ended {
            Ok(outcome) => {
                run.names = outcome.names;
                run.network = outcome.network;
                run.files = outcome.files;
                RunEnd {
                    well: matches!(outcome.end, End::Exited(0)),
                    words: outcome.end.to_string(),
                }
            }
            Err(error) => RunEnd {
                well: false,
                words: refusal::of_run(&error),
            },
        });
        let kept = self.close(position, entry(&run), |kept| shown(kept, &[], true)).await?;
        match (signed_out, kept) {
            (Some(why), _) => Err(why.into()),
            (None, Entry::Ran(kept)) => Ok(*kept),
            (None, _) => Ok(run),
        }
    }

    async fn happened(&self, position: u32, run: &mut Run, event: Event) -> Result<()> {
        let mut state = RunState::Running;
        match event {
            Event::Output { text, .. } => {
                run.output.push_str(&text);
                self.live.more(position, &text);
                return Ok(());
            }
            Event::Queued { ahead } => state = RunState::Queued(u32::try_from(ahead).unwrap_or(u32::MAX)),
            Event::Started { names } => {
                run.names = names;
                // Before it could do anything with them, lest the server ends in the middle.
                let entry = Entry::Ran(Box::new(run.clone()));
                self.vault.conversations().replace(&self.turn, position, entry).await?;
            }
        }
        let entry = Entry::Ran(Box::new(run.clone()));
        let view = match shown(entry.clone(), &[], true) {
            EntryView::Ran(view) => EntryView::Ran(Box::new(domain::chat::RunView { state, ..*view })),
            other => other,
        };
        self.live.show(position, view, Some(entry));
        Ok(())
    }

    /// A value that was typed before it was stored has been taken out of the messages: whoever watches sees that.
    async fn show_redacted(&self) -> Result<()> {
        for (position, entry) in self.vault.conversations().entries(&self.turn).await? {
            if matches!(&entry, Entry::Person { redacted, .. } if !redacted.is_empty()) {
                self.live.show(position, shown(entry, &[], true), None);
            }
        }
        Ok(())
    }
}
