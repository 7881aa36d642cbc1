//! The forms of keys, by what they are for; lengths are as documented, or the shortest seen where nothing is said.

mod business;
mod code;
mod compute;

use super::Known;
use super::pattern::Alphabet::{Alnum, Digit, Word};
use super::pattern::Part::{self, Run, Text};
use super::pattern::{from, just};

/// Began with OpenAI, and taken over by those who offer the same interface.
const LIKE_OPENAI: &[&str] = &["OpenAI", "DeepSeek", "Moonshot AI", "Alibaba Cloud", "Stability AI"];

/// Began with Stripe.
const LIKE_STRIPE: &[&str] = &["Stripe", "Clerk", "Paystack"];

const fn key(
    prefix: &'static str,
    body: &'static [Part],
    kind: &'static str,
    services: &'static [&'static str],
) -> Known {
    Known {
        prefix,
        kind,
        services,
        body,
    }
}

/// Keys with a prefix, in groups.
pub(super) fn keys() -> impl Iterator<Item = &'static Known> {
    [compute::KEYS, code::KEYS, business::KEYS].into_iter().flatten()
}

/// Keys that are told by what stands further in.
pub(super) static UNPREFIXED: &[Known] = &[
    key(
        "",
        &[Run(Digit, 8, 10), Text(":AA"), just(33, Word)],
        "bot token",
        &["Telegram"],
    ),
    key(
        "",
        &[
            Run(Word, 24, 28),
            Text("."),
            just(6, Word),
            Text("."),
            Run(Word, 27, 38),
        ],
        "bot token",
        &["Discord"],
    ),
    key(
        "",
        &[just(14, Alnum), Text(".atlasv1."), from(60, Word)],
        "API token",
        &["HCP Terraform"],
    ),
    key(
        "",
        &[just(6, Alnum), Text("_"), just(29, Alnum), Text("_mmk")],
        "license key",
        &["MaxMind"],
    ),
];

#[cfg(test)]
mod tests {
    use super::{UNPREFIXED, keys};
    use crate::services::names::SERVICES;

    #[test]
    fn no_prefix_stands_twice() {
        let mut prefixes: Vec<_> = keys().map(|known| known.prefix).collect();
        prefixes.sort_unstable();
        assert!(prefixes.windows(2).all(|pair| pair.first() != pair.last()));
        assert!(!prefixes.contains(&""));
    }

    #[test]
    fn every_service_of_a_key_can_be_said_by_a_name() {
        for known in keys().chain(UNPREFIXED) {
            for service in known.services {
                assert!(SERVICES.iter().any(|other| other.name == *service), "{service}");
            }
        }
    }

    #[test]
    fn there_are_many_services() {
        let mut services: Vec<_> = keys().chain(UNPREFIXED).flat_map(|known| known.services).collect();
        services.sort_unstable();
        services.dedup();
        assert!(services.len() >= 45, "{}", services.len());
    }
}
