//! Which token opened which session. A session's id alone opens nothing: it is good with the token that it was made
//! with, and with any other it is like one that does not exist.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use rmcp::transport::streamable_http_server::SessionId;
use rmcp::transport::streamable_http_server::session::SessionManager;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use sha2::{Digest, Sha256};
use vault::UserId;

use crate::problem::{Kind, Problem};

/// The header that names a session.
pub(super) const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");

/// Sessions of one account at a time. One more ends the oldest: clients leave them behind without a word.
const MOST_SESSIONS: usize = 64;
/// A session that is silent for so long ends. Long, because many clients do not begin anew by themselves.
const IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// Whose session it is.
#[derive(PartialEq, Eq)]
pub(super) struct Holder {
    user: String,
    /// Of the `Authorization` header. The token in it has 256 random bits, so that a plain digest gives nothing away.
    token: [u8; 32],
}

impl Holder {
    /// Whoever sends these headers, once they have been found to be that account's.
    pub(super) fn of(user: UserId, headers: &HeaderMap) -> Self {
        let token = headers
            .get(AUTHORIZATION)
            .map(HeaderValue::as_bytes)
            .unwrap_or_default();
        Self {
            user: user.to_string(),
            token: Sha256::digest(token).into(),
        }
    }
}

pub(super) struct Sessions {
    manager: Arc<LocalSessionManager>,
    /// The oldest first.
    held: Mutex<Vec<(SessionId, Holder)>>,
}

impl Sessions {
    pub(super) fn new() -> Self {
        let mut manager = LocalSessionManager::default();
        manager.session_config.keep_alive = Some(IDLE);
        manager.session_config.sse_retry = None;
        Self {
            manager: Arc::new(manager),
            held: Mutex::default(),
        }
    }

    /// What the SDK runs them with.
    pub(super) fn manager(&self) -> Arc<LocalSessionManager> {
        Arc::clone(&self.manager)
    }

    /// Refuses a session that the caller did not open.
    pub(super) fn check(&self, session: &HeaderValue, holder: &Holder) -> Result<(), Problem> {
        let session = session.to_str().unwrap_or_default();
        if self.held().iter().any(|(id, by)| &**id == session && by == holder) {
            Ok(())
        } else {
            Err(unknown())
        }
    }

    /// Notes whose a new session is, and ends what the account has too many of.
    pub(super) async fn bind(&self, session: &HeaderValue, holder: Holder) {
        let Ok(session) = session.to_str() else { return };
        // Those that have ended by themselves meanwhile are forgotten on the way.
        let mut ended: Vec<SessionId> = self.held().iter().map(|(id, _)| Arc::clone(id)).collect();
        let live = self.manager.sessions.read().await;
        ended.retain(|id| !live.contains_key(id));
        drop(live);
        for id in self.add(session.into(), holder, &ended) {
            // It may have ended just now.
            let _ = self.manager.close_session(&id).await;
        }
    }

    /// Those that have to end for it.
    fn add(&self, session: SessionId, holder: Holder, ended: &[SessionId]) -> Vec<SessionId> {
        let mut held = self.held();
        held.retain(|(id, _)| !ended.contains(id));
        let of_account: Vec<&SessionId> = held
            .iter()
            .filter_map(|(id, by)| (by.user == holder.user).then_some(id))
            .collect();
        let too_many = (of_account.len() + 1).saturating_sub(MOST_SESSIONS);
        let over: Vec<SessionId> = of_account.into_iter().take(too_many).map(Arc::clone).collect();
        held.retain(|(id, _)| !over.contains(id));
        held.push((session, holder));
        over
    }

    fn held(&self) -> MutexGuard<'_, Vec<(SessionId, Holder)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that is told 404 initializes anew, as the protocol has it.
pub(super) fn unknown() -> Problem {
    Problem::new(
        Kind::NOT_FOUND,
        "There is no such session of this token: it may have ended, or the server was started anew. Send `initialize` again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(user: &str, token: u8) -> Holder {
        Holder {
            user: user.to_owned(),
            token: [token; 32],
        }
    }

    fn may(sessions: &Sessions, session: &'static str, holder: &Holder) -> bool {
        sessions.check(&HeaderValue::from_static(session), holder).is_ok()
    }

    #[test]
    fn a_session_is_good_with_the_token_that_opened_it_and_no_other() {
        let sessions = Sessions::new();
        assert!(sessions.add("a".into(), holder("ada", 1), &[]).is_empty());
        assert!(may(&sessions, "a", &holder("ada", 1)));
        assert!(!may(&sessions, "a", &holder("ada", 2)));
        assert!(!may(&sessions, "a", &holder("bob", 1)));
        assert!(!may(&sessions, "b", &holder("ada", 1)));
    }

    #[test]
    fn one_too_many_ends_the_oldest_of_the_same_account() {
        let sessions = Sessions::new();
        sessions.add("of-bob".into(), holder("bob", 9), &[]);
        sessions.add("ended".into(), holder("ada", 1), &[]);
        sessions.add("oldest".into(), holder("ada", 1), &[]);
        for _ in 1..MOST_SESSIONS {
            assert!(
                sessions
                    .add("other".into(), holder("ada", 2), &["ended".into()])
                    .is_empty()
            );
        }
        assert_eq!(sessions.add("newest".into(), holder("ada", 3), &[]), ["oldest".into()]);
        assert!(!may(&sessions, "oldest", &holder("ada", 1)));
        assert!(may(&sessions, "newest", &holder("ada", 3)));
        assert!(may(&sessions, "of-bob", &holder("bob", 9)));
    }
}
