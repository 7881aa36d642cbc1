//! Services whose keys can be told by their form, and the words by which the name of a secret says a service.
//!
//! Prefixes are what the services document, and what scanners for leaked keys look for (the rules of gitleaks,
//! TruffleHog and Kingfisher, GitHub's secret scanning). No service's word is taken for more: a key of the right form
//! can be revoked, mistyped or made up.

mod names;
mod pattern;
mod table;

use names::SERVICES;
use pattern::{Part, matches};
use table::{UNPREFIXED, keys};

/// A form that keys have.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// What every such key begins with. Empty for the few that are told by what stands further in.
    pub prefix: &'static str,
    /// What kind of key it is: "personal access token".
    pub kind: &'static str,
    /// The services that give out such keys, the best known first. Empty where so many do that it says nothing.
    pub services: &'static [&'static str],
    body: &'static [Part],
}

/// A service, as the name of a secret can say it.
#[derive(Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name, for people.
    pub name: &'static str,
    /// Words that say it and nothing else: `GITHUB`, `NEW_RELIC`.
    says: &'static [&'static str],
    /// Words that can mean it and something else as well. A key under them is never at odds with the name:
    /// `NPM_TOKEN` may rightly hold a token of GitHub, which is a registry of packages too.
    fits: &'static [&'static str],
}

/// Words for services that take the place of another one, and so are called by its name.
const STAND_INS: [&str; 4] = ["COMPATIBLE", "COMPAT", "GATEWAY", "PROXY"];

/// What kind of key `text` is, if its form is known: prefix, length and alphabet. All of `text` has to be the key;
/// where a key begins and ends within a longer text is for the caller to find. Of several prefixes the longest counts,
/// and a text that begins with it and goes on differently is unknown.
#[must_use]
pub fn recognise(text: &str) -> Option<&'static Known> {
    let longest = keys()
        .filter(|known| text.starts_with(known.prefix))
        .max_by_key(|known| known.prefix.len());
    longest
        .filter(|known| known.fits(text))
        .or_else(|| UNPREFIXED.iter().find(|known| known.fits(text)))
}

impl Known {
    fn fits(&self, text: &str) -> bool {
        text.strip_prefix(self.prefix)
            .is_some_and(|body| matches(self.body, body) && !is_like_words(body))
    }

    /// The service that `name` says although this is the key of another one. `None` if the name says no service, or
    /// one of those whose key it may be, or if nobody can tell.
    ///
    /// Names are compared by their words: `MY_GITHUB_TOKEN` says GitHub, `MAX_BEARER_TOKEN` does not say X.
    #[must_use]
    pub fn contradicted_by(&self, name: &str) -> Option<&'static Service> {
        let words: Vec<&str> = name.split(|ch: char| !ch.is_ascii_alphanumeric()).collect();
        if self.services.is_empty() || STAND_INS.iter().any(|stand_in| has(&words, stand_in)) {
            return None;
        }
        let mut owners = SERVICES.iter().filter(|service| self.services.contains(&service.name));
        if owners.any(|owner| owner.says.iter().chain(owner.fits).any(|phrase| has(&words, phrase))) {
            return None;
        }
        SERVICES
            .iter()
            .find(|service| service.says.iter().any(|phrase| has(&words, phrase)))
    }
}

/// The word by which names say a service, where what follows is `kind`: `GITHUB`; `X`, in `X_BEARER_TOKEN`.
pub(crate) fn word_of(service: &str, kind: &str) -> Option<&'static str> {
    let service = SERVICES.iter().find(|known| known.name == service)?;
    let first_of_kind = kind.split('_').next().unwrap_or_default();
    let with_kind = service
        .says
        .iter()
        .filter_map(|phrase| phrase.strip_suffix(first_of_kind)?.strip_suffix('_'));
    with_kind.chain(service.says.iter().copied()).next()
}

/// Whether the words of `phrase`, which underscores separate, stand in `words` one after another.
fn has(words: &[&str], phrase: &str) -> bool {
    words.windows(phrase.split('_').count()).any(|window| {
        window
            .iter()
            .zip(phrase.split('_'))
            .all(|(word, other)| word.eq_ignore_ascii_case(other))
    })
}

/// Whether a body has neither a digit nor letters of both sizes: `sk-whatever-somebody-writes`.
fn is_like_words(body: &str) -> bool {
    let has = |test: fn(&u8) -> bool| body.as_bytes().iter().any(test);
    !(has(u8::is_ascii_digit) || has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

/// So many keys of every form, made up: no two alike, the same in every run.
#[cfg(test)]
pub(crate) fn made_up(of_each: usize) -> Vec<String> {
    let mut chance = pattern::Chance::default();
    let forms = keys().chain(UNPREFIXED);
    forms
        .flat_map(|known| std::iter::repeat_n(known, of_each))
        .map(|known| format!("{}{}", known.prefix, pattern::made_up(known.body, &mut chance)))
        .collect()
}
