//! Waiting for somebody, in questions that the server holds, one after the other until the time is up.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the server holds one answer at most; a longer wait is made of several.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

/// Between two questions, when the server answered at once: it does so while it stops or is busy.
const PAUSE: Duration = Duration::from_secs(1);

/// A wait that has begun.
pub(crate) struct Waiting {
    until: Option<Instant>,
}

impl Waiting {
    /// Begins now.
    pub(crate) fn up_to(time: Duration) -> Self {
        Self {
            until: Instant::now().checked_add(time),
        }
    }

    /// How much of it is left.
    pub(crate) fn left(&self) -> Duration {
        self.until
            .map_or(LONGEST_HOLD, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Whether the time is up.
    pub(crate) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// How long the server is to hold the next answer.
    pub(crate) fn hold(&self) -> Duration {
        whole_seconds(self.left().min(LONGEST_HOLD))
    }

    /// Before the next question, if the last one, asked at that time, was not held.
    pub(crate) fn pace(&self, asked: Instant) {
        if asked.elapsed() < PAUSE {
            sleep(PAUSE.min(self.left()));
        }
    }
}

/// Rounded up: the server counts in seconds, and the last fraction of one is worth waiting for too.
pub(crate) fn whole_seconds(duration: Duration) -> Duration {
    let more = u64::from(duration.subsec_nanos() > 0);
    Duration::from_secs(duration.as_secs().saturating_add(more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_seconds() {
        assert_eq!(whole_seconds(Duration::from_millis(1)).as_secs(), 1);
        assert_eq!(whole_seconds(Duration::from_secs(60)).as_secs(), 60);
        assert_eq!(whole_seconds(Duration::ZERO).as_secs(), 0);
    }

    #[test]
    fn a_long_wait_is_asked_in_pieces_and_a_short_one_at_once() {
        assert_eq!(Waiting::up_to(Duration::from_secs(3600)).hold().as_secs(), 60);
        assert_eq!(Waiting::up_to(Duration::from_secs(5)).hold().as_secs(), 5);
        assert!(Waiting::up_to(Duration::ZERO).is_over());
    }
}
