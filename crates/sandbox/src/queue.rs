//! Runs take turns: as many at once as the machine has cores for, the others in the order in which they came.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Who runs, and who waits.
pub(crate) struct Queue {
    state: Mutex<State>,
    moved: Notify,
    at_once: usize,
}

#[derive(Default)]
struct State {
    /// Tickets that are in use or wait, the oldest first.
    tickets: Vec<u64>,
    next: u64,
}

/// A place in the queue; dropped, it is left.
pub(crate) struct Ticket<'q> {
    queue: &'q Queue,
    number: u64,
}

impl Queue {
    pub(crate) fn new(at_once: usize) -> Self {
        Self {
            state: Mutex::default(),
            moved: Notify::new(),
            at_once,
        }
    }

    pub(crate) fn enter(&self) -> Ticket<'_> {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.tickets.push(number);
        Ticket { queue: self, number }
    }

    /// Completes when somebody has left after this was first polled, or enabled.
    pub(crate) fn moved(&self) -> Notified<'_> {
        self.moved.notified()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// How many are to end before it is its turn; `None`: it is.
    pub(crate) fn ahead(&self) -> Option<usize> {
        let state = self.queue.state();
        let place = state.tickets.iter().position(|ticket| *ticket == self.number);
        (place.unwrap_or(0) + 1)
            .checked_sub(self.queue.at_once)
            .filter(|ahead| *ahead > 0)
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        state.tickets.retain(|ticket| *ticket != self.number);
        drop(state);
        self.queue.moved.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn turns_come_in_order() {
        let queue = Queue::new(2);
        let mut tickets: Vec<_> = (0..4).map(|_| queue.enter()).collect();
        let ahead = |tickets: &[super::Ticket<'_>]| tickets.iter().map(super::Ticket::ahead).collect::<Vec<_>>();
        assert_eq!(ahead(&tickets), [None, None, Some(1), Some(2)]);
        tickets.remove(1);
        assert_eq!(ahead(&tickets), [None, None, Some(1)]);
    }
}
