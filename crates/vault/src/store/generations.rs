//! Tells caches and waiters that something changed. A generation is a number that grows with every commit that touches
//! a user: what was read under an earlier one is stale. Users share slots by hash, so memory is fixed; sharing one costs
//! a needless reload or wake-up, never a stale answer.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

use crate::id::UserId;

const SLOTS: usize = 1024;

/// The generation that something was read under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generation {
    /// Of everything but sandbox sessions.
    rest: u64,
    all: u64,
}

impl Generation {
    /// Whether what was read under the one is what is read under the other, sandbox sessions left out.
    pub(crate) fn differs_in_sandboxes_at_most(self, other: Self) -> bool {
        self.rest == other.rest
    }
}

/// What a commit changed of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Sandbox sessions, and no more: what is kept of values and tokens stays right.
    Sandboxes,
    /// Anything else, sessions included.
    Anything,
}

/// All generations.
pub(crate) struct Generations(Box<[Slot]>);

#[derive(Default)]
struct Slot {
    rest: AtomicU64,
    all: AtomicU64,
    changed: Notify,
}

impl Slot {
    fn advance(&self, change: Change) {
        if change == Change::Anything {
            self.rest.fetch_add(1, Ordering::AcqRel);
        }
        self.all.fetch_add(1, Ordering::AcqRel);
        self.changed.notify_waiters();
    }
}

impl Default for Generations {
    fn default() -> Self {
        Self((0..SLOTS).map(|_| Slot::default()).collect())
    }
}

impl Generations {
    /// Read this before the rows; what is then read is at least this new.
    pub(crate) fn current(&self, user: UserId) -> Generation {
        let read =
            |number: fn(&Slot) -> &AtomicU64| self.slot(user).map_or(0, |slot| number(slot).load(Ordering::Acquire));
        Generation {
            rest: read(|slot| &slot.rest),
            all: read(|slot| &slot.all),
        }
    }

    /// Completes when the user's generation is another than `seen`: at once if it already is.
    pub(crate) async fn changed(&self, user: UserId, seen: Generation) {
        let Some(slot) = self.slot(user) else { return };
        let mut notified = std::pin::pin!(slot.changed.notified());
        // Registered before looking, so that a change between look and wait is not missed.
        notified.as_mut().enable();
        if self.current(user) == seen {
            notified.await;
        }
    }

    /// A commit that touches the user has been made.
    pub(super) fn advance(&self, user: UserId, change: Change) {
        if let Some(slot) = self.slot(user) {
            slot.advance(change);
        }
    }

    /// Wakes every waiter, as at shutdown, those included that are only about to wait.
    pub(crate) fn wake_all(&self) {
        self.0.iter().for_each(|slot| slot.advance(Change::Anything));
    }

    fn slot(&self, user: UserId) -> Option<&Slot> {
        let mut hasher = DefaultHasher::new();
        user.hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % SLOTS as u64).ok()?;
        self.0.get(index)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_waiter_is_woken_by_a_change_and_by_nothing_else() {
        let generations = Arc::new(Generations::default());
        let user = UserId::make();
        let seen = generations.current(user);
        let waiter = {
            let generations = Arc::clone(&generations);
            tokio::spawn(async move { generations.changed(user, seen).await })
        };
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert!(!waiter.is_finished(), "an hour without a change wakes nobody");
        generations.advance(user, Change::Anything);
        assert!(waiter.await.is_ok());
    }

    #[tokio::test]
    async fn the_end_of_a_sandbox_wakes_who_waits_and_leaves_values_as_they_are() {
        let generations = Generations::default();
        let user = UserId::make();
        let seen = generations.current(user);
        generations.advance(user, Change::Sandboxes);
        generations.changed(user, seen).await;
        let ended = generations.current(user);
        assert!(ended != seen && ended.differs_in_sandboxes_at_most(seen));
        generations.advance(user, Change::Anything);
        assert!(!generations.current(user).differs_in_sandboxes_at_most(ended));
    }

    #[tokio::test]
    async fn a_change_before_the_wait_is_not_missed() {
        let generations = Generations::default();
        let user = UserId::make();
        let seen = generations.current(user);
        generations.advance(user, Change::Anything);
        generations.changed(user, seen).await;
    }
}
