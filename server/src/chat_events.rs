//! `GET /chat/{id}/events`: what comes to stand in a chat, as it happens (HTML Standard, "Server-sent events").
//!
//! For the page of whoever is signed in. It ends after a minute, and the browser asks again: so a session that was ended
//! elsewhere does not go on reading.

use std::convert::Infallible;
use std::time::Duration;

use agent::{Agents, Updates};
use app::ssr::{CookiePolicy, chat_update};
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::SecretName;
use domain::chat::Update;
use futures_util::stream::{self, Stream};
use tokio::time::Instant;
use vault::{Actor, AuthFailure, Error, Vault};

use crate::extract::{IdInPath, Parameters, origin};
use crate::problem::Problem;

const LONGEST: Duration = Duration::from_secs(60);
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// What the stream needs.
#[derive(Clone)]
pub(crate) struct Events {
    pub(crate) vault: Vault,
    pub(crate) agents: Agents,
    pub(crate) cookies: CookiePolicy,
}

/// What is told, in this order: what stands there already, what is under way, what comes.
struct Telling {
    agents: Agents,
    at_hand: std::vec::IntoIter<Update>,
    updates: Updates,
    /// Secrets that are no longer stored, as far as the chat speaks of them.
    gone: Vec<SecretName>,
    until: Instant,
}

pub(crate) async fn handler(
    State(events): State<Events>,
    IdInPath(id): IdInPath,
    Parameters(parameters): Parameters,
    parts: Parts,
) -> Result<Response, Problem> {
    let actor = match events.cookies.read(&parts.headers) {
        Some(token) => events.vault.accounts().actor(&token, origin(&parts)).await?,
        None => None,
    };
    let actor = actor.ok_or(Error::from(AuthFailure::Missing))?;
    let from = parameters.iter().find(|(name, _)| name == "from");
    let from: u32 = from.and_then(|(_, from)| from.parse().ok()).unwrap_or(0);
    let telling = Telling::begin(events.agents, &actor, &id, from).await?;
    Ok(Sse::new(telling.stream())
        .keep_alive(KeepAlive::default())
        .into_response())
}

impl Telling {
    async fn begin(agents: Agents, actor: &Actor, id: &str, from: u32) -> Result<Self, Problem> {
        // Listened to before what stands there is read: nothing falls in between, and what comes twice is the same.
        let mut updates = agents.watch(actor, id).await?;
        let chat = agents.open(actor, id).await?;
        let written = chat.entries.into_iter().filter(|shown| shown.position >= from);
        let at_hand: Vec<_> = written.map(Update::Entry).chain(updates.now.drain(..)).collect();
        Ok(Self {
            agents,
            at_hand: at_hand.into_iter(),
            updates,
            gone: chat.gone,
            until: Instant::now() + LONGEST,
        })
    }

    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut telling| async move {
            let update = telling.next().await?;
            // Fails for maps with keys that are no texts, of which there are none.
            let text = serde_json::to_string(&chat_update(update, &telling.gone)).unwrap_or_default();
            Some((Ok(Event::default().retry(ASK_AGAIN).data(text)), telling))
        })
    }

    async fn next(&mut self) -> Option<Update> {
        if let Some(update) = self.at_hand.next() {
            return Some(update);
        }
        tokio::select! {
            // Too far behind, it ends, and the browser asks again for all of it.
            update = self.updates.coming.recv() => update.ok(),
            () = tokio::time::sleep_until(self.until) => None,
            () = self.agents.stopping() => None,
        }
    }
}
