//! Comparing typed values with stored ones: answered yes or no, never with a value.

use domain::{ActivityKind, FieldError, SecretName, SecretValue, Standing};
use subtle::ConstantTimeEq;

use super::Secrets;
use crate::activity::record;
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::sealed_cache::SealedEnvironment;
use crate::throttle::Guesser;

impl Secrets<'_> {
    /// How each of these values stands to what is stored under its name, in their order.
    ///
    /// For a person in a browser alone. Whoever sits at an open page could guess that way, so every call counts as a
    /// guess, whatever comes of it, and leaves a record before it is answered. Each name once, so that a call is one guess a
    /// name.
    ///
    /// # Errors
    /// [`Error::BrowserOnly`], [`Error::TooManyAttempts`], [`Error::Invalid`] for a name twice, [`Error::TooMany`] for more
    /// than an account can hold.
    pub async fn compare(&self, actor: &Actor, typed: &[(SecretName, SecretValue)]) -> Result<Vec<Standing>> {
        actor.require_browser()?;
        let limit = self.0.limits.secrets_per_user;
        if typed.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(Error::TooMany { what: "secrets", limit });
        }
        if let Some(name) = twice(typed) {
            let message = format!("{name} stands there twice. Keep one of them.");
            return Err(Error::Invalid(vec![FieldError::new("name", "name.duplicate", message)]));
        }
        let now = self.0.clock.now();
        let _counted = self.0.throttle.attempt(vec![Guesser::Comparing(actor.user)], now)?;
        let stored = self.0.cache.environment(&self.0.store, actor.user).await?;
        let standings = self.standings(actor, &stored, typed)?;
        let compared: Vec<_> = typed
            .iter()
            .zip(&standings)
            .filter(|(_, standing)| **standing != Standing::New)
            .collect();
        if compared.is_empty() {
            return Ok(standings);
        }
        let mut entry = record(actor, now, ActivityKind::SecretCompared);
        let names: Vec<_> = compared.iter().map(|((name, _), _)| name.as_str()).collect();
        entry.names = Some(names.join(" "));
        let same = compared
            .iter()
            .filter(|(_, standing)| **standing == Standing::Same)
            .count();
        entry.detail = Some(in_words(same, compared.len()));
        self.0.recorder.record(entry, None).await?;
        Ok(standings)
    }

    fn standings(
        &self,
        actor: &Actor,
        stored: &SealedEnvironment,
        typed: &[(SecretName, SecretValue)],
    ) -> Result<Vec<Standing>> {
        typed
            .iter()
            .map(|(name, value)| {
                let Some(sealed) = stored.secrets.iter().find(|secret| secret.name == *name) else {
                    return Ok(Standing::New);
                };
                let opened = self.0.unseal(actor.user, &stored.data_keys, [sealed])?;
                // Both exposed to be compared, in a time that does not tell how far they agree.
                let same = opened
                    .first()
                    .is_some_and(|stored| stored.expose().as_bytes().ct_eq(value.expose().as_bytes()).into());
                Ok(if same { Standing::Same } else { Standing::Different })
            })
            .collect()
    }
}

fn twice(typed: &[(SecretName, SecretValue)]) -> Option<&SecretName> {
    let mut seen = std::collections::HashSet::new();
    typed.iter().map(|(name, _)| name).find(|name| !seen.insert(*name))
}

fn in_words(same: usize, all: usize) -> String {
    match (same, all) {
        (1, 1) => "the same value".to_owned(),
        (0, 1) => "another value".to_owned(),
        (same, all) => format!("{same} the same, {} others", all - same),
    }
}
