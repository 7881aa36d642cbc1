//! Slows guessing down (OWASP ASVS 5.0, 6.3.1): refused attempts empty a bucket, per address and per account;
//! an accepted one costs nothing. Kept in memory and bounded: what is forgotten first is what filled up again first.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;

use crate::clock::millis;
use crate::error::{Error, Result};

/// Refused attempts that an address or an account may make at once.
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
}

/// The buckets.
#[derive(Default)]
pub(crate) struct Throttle {
    /// When each bucket will be full again.
    full_at: Mutex<HashMap<Guesser, i64>>,
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
    /// Refuses when any of them has used its attempts up.
    pub(crate) fn check(&self, guessers: &[Guesser], now: Timestamp) -> Result<()> {
        let full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let allowed_until = millis(REFILL) * BURST;
        let over = guessers
            .iter()
            .filter_map(|guesser| full_at.get(guesser))
            .map(|full_at| full_at - now.0 - allowed_until + millis(REFILL))
            .max()
            .unwrap_or(0);
        match u64::try_from(over) {
            Ok(over) if over > 0 => Err(Error::TooManyAttempts {
                retry_after: Duration::from_millis(over),
            }),
            _ => Ok(()),
        }
    }

    /// Takes one attempt from each.
    pub(crate) fn refused(&self, guessers: &[Guesser], now: Timestamp) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() + guessers.len() > MOST_BUCKETS {
            full_at.retain(|_, full| *full > now.0);
        }
        if full_at.len() + guessers.len() > MOST_BUCKETS {
            // Still too many: those nearest to full have the least to say.
            let mut times: Vec<i64> = full_at.values().copied().collect();
            let (_, middle, _) = times.select_nth_unstable(MOST_BUCKETS / 2);
            let middle = *middle;
            full_at.retain(|_, full| *full > middle);
        }
        for guesser in guessers {
            let full = full_at.entry(guesser.clone()).or_insert(now.0);
            *full = (*full).max(now.0) + millis(REFILL);
        }
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

    #[test]
    fn the_eleventh_guess_waits_and_others_do_not() {
        let throttle = Throttle::default();
        for _ in 0..BURST {
            assert!(throttle.check(&[guesser(1)], START).is_ok());
            throttle.refused(&[guesser(1)], START);
        }
        let refused = throttle.check(&[guesser(1)], START);
        assert!(matches!(refused, Err(Error::TooManyAttempts { retry_after }) if retry_after == REFILL));
        assert!(throttle.check(&[guesser(2)], START).is_ok());
        assert!(
            throttle
                .check(&[guesser(1)], Timestamp(START.0 + millis(REFILL)))
                .is_ok()
        );
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        let one = Guesser::address("2001:db8:1:2::1".parse().unwrap_or(IpAddr::from([0, 0, 0, 0])));
        let two = Guesser::address("2001:db8:1:2:ffff::9".parse().unwrap_or(IpAddr::from([0, 0, 0, 0])));
        assert!(one == two);
    }

    #[test]
    fn memory_stays_bounded_under_a_flood_of_addresses() {
        let throttle = Throttle::default();
        for number in 0..(MOST_BUCKETS as u32 * 3) {
            throttle.refused(&[Guesser::address(IpAddr::from(number.to_be_bytes()))], START);
        }
        assert!(throttle.full_at.lock().unwrap_or_else(PoisonError::into_inner).len() <= MOST_BUCKETS);
    }
}
