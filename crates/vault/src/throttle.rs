//! Slows guessing down (OWASP ASVS 5.0, 6.3.1): an attempt empties a bucket, per address and per account from an address;
//! one that is accepted gives it back (but for comparisons, which all count). It is taken before the password is looked at, so that many at once are counted too.
//! Kept in memory and bounded: what is forgotten first is what filled up again first.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;

use crate::clock::millis;
use crate::error::{Error, Result};
use crate::id::{SessionId, UserId};

/// Wrong guesses that an address or an account may make at once.
const BURST: i64 = 10;
/// After which time one more is allowed.
const REFILL: Duration = Duration::from_secs(30);
/// Buckets remembered.
const MOST_BUCKETS: usize = 20_000;

/// What is slowed down.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Guesser {
    /// Everything from one address; the first 64 bits of IPv6, which is what one household gets.
    Address(IpAddr),
    /// One account, from one address: so that a stranger cannot lock its owner out.
    Account(Option<IpAddr>, String),
    /// A session whose holder is asked for the password again, from whatever address.
    Session(SessionId),
    /// An account whose stored values are compared with typed ones, from whatever address.
    Comparing(UserId),
    /// An account that opens what others are asked for.
    Opening(UserId),
}

/// The buckets.
#[derive(Default)]
pub(crate) struct Throttle {
    /// When each bucket will be full again.
    full_at: Mutex<HashMap<Guesser, i64>>,
}

/// An attempt that is under way. Counts as a wrong guess unless it is given back.
#[must_use]
pub(crate) struct Attempt<'a> {
    throttle: &'a Throttle,
    guessers: Vec<Guesser>,
    at: Timestamp,
}

impl Guesser {
    pub(crate) fn address(address: IpAddr) -> Self {
        Self::Address(network(address))
    }

    pub(crate) fn account(address: Option<IpAddr>, login_key: &str) -> Self {
        Self::Account(address.map(network), login_key.to_owned())
    }
}

impl Throttle {
    /// Takes an attempt from each, or refuses when any of them has none left.
    pub(crate) fn attempt(&self, guessers: Vec<Guesser>, now: Timestamp) -> Result<Attempt<'_>> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        // No bucket is emptier than empty: one that seems so was filled under a clock that has been set back since.
        let empty = now.0 + millis(REFILL) * BURST;
        let over = guessers
            .iter()
            .filter_map(|guesser| full_at.get(guesser))
            .max()
            .map_or(0, |full_at| {
                // The bucket holds BURST attempts; it is empty when it needs more than BURST - 1 refills to be full.
                (*full_at).min(empty) - now.0 - millis(REFILL) * (BURST - 1)
            });
        if let Some(over) = u64::try_from(over).ok().filter(|over| *over > 0) {
            return Err(Error::TooManyAttempts {
                retry_after: Duration::from_millis(over),
            });
        }
        make_room(&mut full_at, guessers.len(), now);
        for guesser in &guessers {
            let full = full_at.entry(guesser.clone()).or_insert(now.0);
            *full = (*full).clamp(now.0, empty) + millis(REFILL);
        }
        drop(full_at);
        Ok(Attempt {
            throttle: self,
            guessers,
            at: now,
        })
    }
}

impl Attempt<'_> {
    /// It was right, or was never looked at: it does not count.
    pub(crate) fn give_back(self) {
        let mut full_at = self.throttle.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        for guesser in &self.guessers {
            if let Some(full) = full_at.get_mut(guesser) {
                *full -= millis(REFILL);
                // As if nothing had been: what is full says nothing, under no clock.
                if *full <= self.at.0 {
                    full_at.remove(guesser);
                }
            }
        }
    }
}

fn make_room(full_at: &mut HashMap<Guesser, i64>, more: usize, now: Timestamp) {
    if full_at.len() + more > MOST_BUCKETS {
        full_at.retain(|_, full| *full > now.0);
    }
    if full_at.len() + more > MOST_BUCKETS {
        // Still too many: those nearest to full have the least to say.
        let mut times: Vec<i64> = full_at.values().copied().collect();
        let (_, middle, _) = times.select_nth_unstable(MOST_BUCKETS / 2);
        let middle = *middle;
        full_at.retain(|_, full| *full > middle);
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000);

    fn guesser(last: u8) -> Guesser {
        Guesser::address(IpAddr::from([192, 0, 2, last]))
    }

    fn guess(throttle: &Throttle, guesser: Guesser, at: Timestamp) -> Result<()> {
        throttle.attempt(vec![guesser], at).map(drop)
    }

    #[test]
    fn the_eleventh_guess_waits_and_others_do_not() {
        let throttle = Throttle::default();
        for _ in 0..BURST {
            assert!(guess(&throttle, guesser(1), START).is_ok());
        }
        let refused = guess(&throttle, guesser(1), START);
        assert!(matches!(refused, Err(Error::TooManyAttempts { retry_after }) if retry_after == REFILL));
        assert!(guess(&throttle, guesser(2), START).is_ok());
        assert!(guess(&throttle, guesser(1), Timestamp(START.0 + millis(REFILL))).is_ok());
    }

    #[test]
    fn attempts_under_way_count_until_they_are_given_back() {
        let throttle = Throttle::default();
        let under_way: Vec<_> = (0..BURST)
            .filter_map(|_| throttle.attempt(vec![guesser(1)], START).ok())
            .collect();
        assert!(guess(&throttle, guesser(1), START).is_err());
        under_way.into_iter().for_each(Attempt::give_back);
        assert!(guess(&throttle, guesser(1), START).is_ok());
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let throttle = Throttle::default();
        let later = Timestamp(START.0 + 3_600_000);
        for _ in 0..BURST {
            assert!(guess(&throttle, guesser(1), later).is_ok());
        }
        let refused = guess(&throttle, guesser(1), START);
        assert!(matches!(refused, Err(Error::TooManyAttempts { retry_after }) if retry_after == REFILL));
        assert!(guess(&throttle, guesser(1), Timestamp(START.0 + millis(REFILL))).is_err());
        assert!(
            throttle
                .attempt(vec![guesser(2)], later)
                .map(Attempt::give_back)
                .is_ok()
        );
        assert!(guess(&throttle, guesser(2), START).is_ok());
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        let nowhere = IpAddr::from([0, 0, 0, 0]);
        let one = Guesser::address("2001:db8:1:2::1".parse().unwrap_or(nowhere));
        let two = Guesser::address("2001:db8:1:2:ffff::9".parse().unwrap_or(nowhere));
        assert!(one == two && one != Guesser::address(nowhere));
    }

    #[test]
    fn memory_stays_bounded_under_a_flood_of_addresses() {
        let throttle = Throttle::default();
        for number in 0..(MOST_BUCKETS as u32 * 3) {
            let _counted = throttle.attempt(vec![Guesser::address(IpAddr::from(number.to_be_bytes()))], START);
        }
        assert!(throttle.full_at.lock().unwrap_or_else(PoisonError::into_inner).len() <= MOST_BUCKETS);
    }
}
